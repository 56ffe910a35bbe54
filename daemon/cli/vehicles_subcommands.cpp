#include "cli/vehicles_subcommands.hpp"

#include "cli/trust_command.hpp"

namespace portcullis::cli {

VehiclesSubcommands::VehiclesSubcommands(CLI::App& app)
    : vehicles_(app.add_subcommand("vehicles", "What vehicles weigh without their load")),
      show_(vehicles_->add_subcommand("show", "Show which vehicle list counts; nobody's plate")),
      import_(vehicles_->add_subcommand("import", "Take a signed vehicle list from a file, where no link brings it")) {
    vehicles_->require_subcommand(1);
    vehicles_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    import_->add_option("file", file_, "what `portcullis-sign vehicles sign` wrote")->required();
    show_->fallthrough();
    import_->fallthrough();
}

std::optional<int> VehiclesSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!vehicles_->parsed()) {
        return std::nullopt;
    }
    return import_->parsed() ? import_document(socket_, "vehicles", file_, out, errors)
                             : show_vehicles(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
