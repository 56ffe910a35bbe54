#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/ruleset_case.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::supervision {

/// A case of a ruleset that came out otherwise than it says.
struct CaseDifference {
    std::string id;
    std::string what;      ///< outcome, reasons, rules, zone, methods
    std::string expected;  ///< words with blanks between
    std::string found;
};

/// Decides each case with the ruleset and compares what it expects; nothing differs: the ruleset may act.
[[nodiscard]] std::vector<CaseDifference> run_cases(const CompiledRuleset& ruleset, std::span<const RulesetCase> cases);

}  // namespace portcullis::supervision
