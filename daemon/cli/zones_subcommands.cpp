#include "cli/zones_subcommands.hpp"

#include "cli/trust_command.hpp"
#include "cli/zones_command.hpp"

namespace portcullis::cli {

ZonesSubcommands::ZonesSubcommands(CLI::App& app)
    : zones_(app.add_subcommand("zones", "Show which boxes are on their way to inspection zones, or in them")),
      import_(zones_->add_subcommand("import", "Take signed zone results from a file, one a line")) {
    zones_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    zones_->add_flag("--json", json_, "print the daemon's answer as it came");
    import_->add_option("file", file_, "what `portcullis-sign zone-result` wrote")->required();
    import_->fallthrough();
}

std::optional<int> ZonesSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!zones_->parsed()) {
        return std::nullopt;
    }
    return import_->parsed() ? import_trust(socket_, file_, out, errors) : show_zones(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
