#pragma once

#include <iosfwd>
#include <string>

#include "cli/journal_command.hpp"
#include "cli/ruleset_of_verdict.hpp"

namespace portcullis::cli {

struct ExplainPassageOptions {
    std::string passage;  ///< 32 hex digits
    RulesetPlaces ruleset;
    bool json = false;
};

/// Decides a recorded passage again, from the facts that its verdicts keep and the ruleset of that day, and says why,
/// rule by rule. 0 when each verdict comes out as it is recorded.
[[nodiscard]] int explain_passage(const JournalPlace& place, const ExplainPassageOptions& options, std::ostream& out,
                                  std::ostream& errors);

}  // namespace portcullis::cli
