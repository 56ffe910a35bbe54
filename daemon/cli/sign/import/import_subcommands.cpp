#include "cli/sign/import/import_subcommands.hpp"

namespace portcullis::sign {

ImportSubcommands::ImportSubcommands(CLI::App& app, CLI::App& orders)
    : import_(orders.add_subcommand("import", "Makes orders of another system's export, as a mapping says")),
      mapping_(app.add_subcommand("mapping", "Mappings of other systems' exports")),
      check_(mapping_->add_subcommand("check", "Reads mappings and says everything that is wrong")) {
    import_->add_option("--mapping", options_.mapping, "What the columns mean, as in config/mappings")->required();
    import_->add_option("--out", options_.out,
                        "File for the orders (JSON Lines; else standard output), or with --key the folder for batches");
    import_->add_option("--state", options_.state,
                        "File that knows what was imported before: the same export again brings only what changed");
    import_->add_option("--report", options_.report, "File for the summary as one line of JSON");
    import_->add_option("--authority", options_.authority, "Whose orders these are, instead of the mapping's");
    import_->add_option("--key", options_.key, "Key file of keygen: signs batches at once");
    import_->add_option("--terminal", options_.terminal, "The gates' terminal");
    import_->add_option("--gates", options_.gates, "Names with commas between, or '*' for all");
    import_->add_option("--number", options_.number, "Of the first batch; else the state knows it, or it is 1")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{9'007'199'254'740'991}));
    import_->add_option("--previous", options_.previous, "SHA-256 of the batch before, with --number");
    import_->add_option("--issued", options_.issued, "UTC, e.g. 2026-11-23T01:02:03.000Z");
    import_->add_option("--expires", options_.expires, "After it no gate takes the batches");
    import_->add_option("files", options_.files, "The export; - is standard input")->required();
    import_->footer("Exit code: 0 done, 1 nothing was imported, 2 wrong usage, 3 some rows were refused.");
    mapping_->require_subcommand(1);
    check_->add_option("files", mappings_, "Mappings")->required();
}

std::optional<int> ImportSubcommands::run(std::istream& in, std::ostream& out, std::ostream& errors) const {
    if (import_->parsed()) {
        return static_cast<int>(import_orders(options_, in, out, errors));
    }
    if (check_->parsed()) {
        return static_cast<int>(check_mappings(mappings_, out, errors));
    }
    return std::nullopt;
}

}  // namespace portcullis::sign
