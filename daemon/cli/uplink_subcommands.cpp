#include "cli/uplink_subcommands.hpp"

#include "cli/uplink_command.hpp"

namespace portcullis::cli {

UplinkSubcommands::UplinkSubcommands(CLI::App& app)
    : uplink_(app.add_subcommand("uplink", "Show how far each destination is, and why it stands")),
      explain_(uplink_->add_subcommand("explain", "Tell one event's whole way")),
      resume_(uplink_->add_subcommand("resume", "Connect again after another client had taken the session over")) {
    uplink_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    uplink_->add_flag("--json", json_, "print the daemon's answer as it came");
    explain_->add_option("sequence", sequence_, "the event's number in its stream")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{9'007'199'254'740'991}));
    explain_->fallthrough();
    resume_->add_option("destination", destination_, "its name in the settings")->required();
    resume_->fallthrough();
}

std::optional<int> UplinkSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!uplink_->parsed()) {
        return std::nullopt;
    }
    if (explain_->parsed()) {
        return explain_event(socket_, sequence_, json_, out, errors);
    }
    if (resume_->parsed()) {
        return resume_uplink(socket_, destination_, out, errors);
    }
    return show_uplinks(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
