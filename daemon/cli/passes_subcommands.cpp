#include "cli/passes_subcommands.hpp"

#include "cli/trust_command.hpp"

namespace portcullis::cli {

PassesSubcommands::PassesSubcommands(CLI::App& app)
    : passes_(app.add_subcommand("passes", "Vehicles that come in without an order")),
      show_(passes_->add_subcommand("show", "Show which pass list counts; nobody's plate")),
      import_(passes_->add_subcommand("import", "Take a signed pass list from a file, where no link brings it")) {
    passes_->require_subcommand(1);
    passes_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    import_->add_option("file", file_, "what `portcullis-sign passes sign` wrote")->required();
    show_->fallthrough();
    import_->fallthrough();
}

std::optional<int> PassesSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!passes_->parsed()) {
        return std::nullopt;
    }
    return import_->parsed() ? import_document(socket_, "passes", file_, out, errors)
                             : show_passes(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
