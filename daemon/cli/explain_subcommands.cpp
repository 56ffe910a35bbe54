#include "cli/explain_subcommands.hpp"

namespace portcullis::cli {

ExplainSubcommands::ExplainSubcommands(CLI::App& app)
    : explain_(app.add_subcommand("explain", "Say why facts are decided as they are, rule by rule")) {
    explain_->add_option("--facts", options_.facts, "the facts of a passage, as JSON")->required();
    explain_->add_option("--ruleset", options_.ruleset, "a ruleset: its payload, or the signed document")->required();
    explain_->add_flag("--json", options_.json, "print one line of JSON");
}

std::optional<int> ExplainSubcommands::run(std::ostream& out, std::ostream& errors) const {
    return explain_->parsed() ? std::optional{explain_facts(options_, out, errors)} : std::nullopt;
}

}  // namespace portcullis::cli
