#include "cli/trust_subcommands.hpp"

#include "cli/trust_command.hpp"

namespace portcullis::cli {

TrustSubcommands::TrustSubcommands(CLI::App& app)
    : trust_(app.add_subcommand("trust", "Whom the gate believes")),
      show_(trust_->add_subcommand("show", "Show the root, who signs what, and what is newest")),
      init_(trust_->add_subcommand("init", "Believe the root that the settings name, from now on")),
      import_(trust_->add_subcommand("import", "Take root and timestamp documents from a file, one a line")) {
    trust_->require_subcommand(1);
    trust_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    init_->add_option("--settings", settings_, "the gate's settings file, where the daemon does not run");
    init_->add_option("--at", at_, "the time now in UTC, with --settings, e.g. 2026-11-23T01:02:03.000Z");
    import_->add_option("file", file_, "what portcullis-sign wrote")->required();
    show_->fallthrough();
    init_->fallthrough();
    import_->fallthrough();
}

std::optional<int> TrustSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!trust_->parsed()) {
        return std::nullopt;
    }
    if (init_->parsed()) {
        return settings_.empty() ? begin_trust(socket_, out, errors) : begin_trust_here(settings_, at_, out, errors);
    }
    if (import_->parsed()) {
        return import_trust(socket_, file_, out, errors);
    }
    return show_trust(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
