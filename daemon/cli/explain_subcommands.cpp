#include "cli/explain_subcommands.hpp"

#include <ostream>

#include "cli/ruleset_of_verdict.hpp"
#include "gate/installation.hpp"

namespace portcullis::cli {

ExplainSubcommands::ExplainSubcommands(CLI::App& app)
    : explain_(app.add_subcommand("explain", "Decide a passage again and say why, rule by rule")) {
    auto* const passage = explain_->add_option("passage", passage_.passage, "a passage of the journal, by its id");
    explain_->add_option("--facts", facts_.facts, "a file with the facts of a passage that was never decided")
        ->excludes(passage);
    explain_->add_option("--ruleset", facts_.ruleset,
                         "a ruleset, its payload or the signed document; default: the gate's own copy");
    passage_.ruleset.profiles = {gate::installed_profiles()};
    explain_->add_option("--settings", passage_.ruleset.settings,
                         "settings whose policy decides where there was no ruleset; default: the policy of that day");
    explain_
        ->add_option("--profiles", passage_.ruleset.profiles,
                     "folders to look for device profiles, after the settings' own")
        ->capture_default_str();
    explain_->add_option("--socket", place_.control_socket, "the daemon's control socket")->capture_default_str();
    explain_->add_option("--state", place_.state,
                         "read the journal in this state directory, of a gate that is stopped");
    explain_->add_flag("--json", facts_.json, "print one line of JSON for each verdict");
}

std::optional<int> ExplainSubcommands::run(std::ostream& out, std::ostream& errors) {
    if (!explain_->parsed()) {
        return std::nullopt;
    }
    if (!facts_.facts.empty() && !facts_.ruleset.empty()) {
        return explain_facts(facts_, out, errors);
    }
    if (!facts_.facts.empty()) {
        const auto acting = acting_ruleset(place_, passage_.ruleset);
        if (!acting) {
            errors << "portcullis: " << acting.error() << '\n';
            return 1;
        }
        return explain_facts(facts_, *acting, out, errors);
    }
    if (passage_.passage.empty()) {
        errors << "portcullis: explain takes a passage, or --facts\n";
        return 2;
    }
    passage_.ruleset.file = facts_.ruleset;
    passage_.json = facts_.json;
    return explain_passage(place_, passage_, out, errors);
}

}  // namespace portcullis::cli
