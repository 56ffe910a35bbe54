#include "cli/sign/import/import_subcommands.hpp"

namespace portcullis::sign {

ImportSubcommands::ImportSubcommands(CLI::App& app, CLI::App& orders)
    : import_(orders.add_subcommand("import", "Makes orders of another system's export, as a mapping says")),
      mapping_(app.add_subcommand("mapping", "Mappings of other systems' exports")),
      check_(mapping_->add_subcommand("check", "Reads mappings and says everything that is wrong")),
      classes_(app.add_subcommand("classes", "Enterprise classes for a ruleset")),
      classes_import_(classes_->add_subcommand("import", "Makes the classes of a ruleset's YAML of a table")),
      receipts_(app.add_subcommand("receipts", "Writes gate reports of exported events for a system without MQTT")) {
    add_import();
    add_classes();
    add_receipts();
    mapping_->require_subcommand(1);
    check_->add_option("files", mappings_, "Mappings")->required();
}

void ImportSubcommands::add_import() {
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
}

void ImportSubcommands::add_classes() {
    classes_->require_subcommand(1);
    auto& options = classes_options_;
    classes_import_->add_option("--mapping", options.mapping, "What the columns mean")->required();
    classes_import_->add_option("--out", options.out, "File for the YAML; else standard output");
    classes_import_->add_option("--report", options.report, "File for the summary as one line of JSON");
    classes_import_->add_option("--names", options.names, "The classes, from the most to the least trusted")
        ->delimiter(',')
        ->capture_default_str();
    classes_import_->add_option("--unknown", options.unknown, "The class of an enterprise that is not listed")
        ->capture_default_str();
    classes_import_->add_option("--at", options.at, "Classes that ended before it are set aside; UTC");
    classes_import_->add_option("files", options.files, "The table; - is standard input")->required();
}

void ImportSubcommands::add_receipts() {
    auto& options = receipts_options_;
    receipts_->add_option("--format", options.format, "csv or codeco")->capture_default_str();
    receipts_->add_option("--encoding", options.encoding, "Of what is written: utf-8, gb18030, gbk, ...")
        ->capture_default_str();
    receipts_->add_option("--time-zone", options.time_zone, "Of the times that are written")->capture_default_str();
    receipts_->add_option("--out", options.out, "File; else standard output");
    receipts_->add_flag("--cleared", options.cleared_only, "Only vehicles that went through");
    receipts_->add_option("--sender", options.sender, "CODECO: who reports");
    receipts_->add_option("--recipient", options.recipient, "CODECO: to whom");
    receipts_->add_option("--reference", options.reference, "CODECO: number of the interchange");
    receipts_->add_option("--prepared", options.prepared, "CODECO: when it is made, UTC");
    receipts_->add_option("--syntax", options.syntax, "CODECO: syntax identifier and version; else UNOW:4 or UNOX:4");
    receipts_->add_option("files", options.files, "Exports of portcullis journal, or events line by line")->required();
    receipts_->footer("Exit code: 0 done, 1 nothing of use was written, 2 wrong usage, 3 some lines were no events.");
}

std::optional<int> ImportSubcommands::run(std::istream& in, std::ostream& out, std::ostream& errors) const {
    if (import_->parsed()) {
        return static_cast<int>(import_orders(options_, in, out, errors));
    }
    if (check_->parsed()) {
        return static_cast<int>(check_mappings(mappings_, out, errors));
    }
    if (classes_import_->parsed()) {
        return static_cast<int>(import_classes(classes_options_, in, out, errors));
    }
    if (receipts_->parsed()) {
        return static_cast<int>(write_receipts(receipts_options_, in, out, errors));
    }
    return std::nullopt;
}

}  // namespace portcullis::sign
