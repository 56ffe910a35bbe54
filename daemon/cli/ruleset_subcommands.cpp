#include "cli/ruleset_subcommands.hpp"

#include <unistd.h>

#include <ostream>

#include "cli/time_option.hpp"
#include "cli/trust_command.hpp"

namespace portcullis::cli {

RulesetSubcommands::RulesetSubcommands(CLI::App& app)
    : ruleset_(app.add_subcommand("ruleset", "What decides at this gate")),
      show_(ruleset_->add_subcommand("show", "Show which ruleset acts, and which one waits for its time")),
      import_(ruleset_->add_subcommand("import", "Take a signed ruleset from a file, where no link brings it")),
      try_(ruleset_->add_subcommand("try",
                                    "Decide recorded passages again by a candidate, and show what would differ")) {
    ruleset_->require_subcommand(1);
    ruleset_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    import_->add_option("file", file_, "what `portcullis-sign ruleset sign` wrote")->required();
    try_->add_option("file", tried_.ruleset, "the candidate: its payload, or the signed document")->required();
    try_->add_option("--since", tried_.since, "passages that were decided at this time (UTC) or later")
        ->required()
        ->transform(as_time());
    try_->add_option("--state", place_.state, "read the journal in this state directory, of a gate that is stopped");
    try_->add_flag("--json", tried_.json, "print a line of JSON for each difference, and one for the sum");
    try_->fallthrough();
    show_->fallthrough();
    import_->fallthrough();
}

std::optional<int> RulesetSubcommands::run(std::ostream& out, std::ostream& errors) {
    if (!ruleset_->parsed()) {
        return std::nullopt;
    }
    if (import_->parsed()) {
        return import_document(socket_, "ruleset", file_, out, errors);
    }
    if (try_->parsed()) {
        place_.control_socket = socket_;
        if (::isatty(STDERR_FILENO) == 1) {
            place_.progress = [&errors](std::int64_t done, std::int64_t /*of*/) {
                errors << '\r' << done << " entries " << std::flush;
            };
        }
        return try_ruleset(place_, tried_, out, errors);
    }
    return show_ruleset(socket_, json_, out, errors);
}

}  // namespace portcullis::cli
