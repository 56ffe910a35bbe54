#include "cli/ruleset_subcommands.hpp"

#include "cli/trust_command.hpp"

namespace portcullis::cli {

RulesetSubcommands::RulesetSubcommands(CLI::App& app)
    : ruleset_(app.add_subcommand("ruleset", "What decides at this gate")),
      show_(ruleset_->add_subcommand("show", "Show which ruleset acts, and which one waits for its time")),
      import_(ruleset_->add_subcommand("import", "Take a signed ruleset from a file, where no link brings it")) {
    ruleset_->require_subcommand(1);
    ruleset_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    import_->add_option("file", file_, "what `portcullis-sign ruleset sign` wrote")->required();
    show_->fallthrough();
    import_->fallthrough();
}

std::optional<int> RulesetSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!ruleset_->parsed()) {
        return std::nullopt;
    }
    if (import_->parsed()) {
        return import_document(socket_, "ruleset", file_, out, errors);
    }
    return show_ruleset(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
