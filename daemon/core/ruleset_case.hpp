#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/reason_code.hpp"
#include "core/ruleset.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// What a case of a ruleset expects of its verdict.
struct ExpectedVerdict {
    VerdictOutcome outcome = VerdictOutcome::hold;
    std::vector<ReasonCode> reasons;  ///< each of them is there; others may be beside them
    /// Exactly the rules that gave a reason, in any order; nothing: not compared.
    std::optional<std::vector<std::string>> rules;
    std::optional<std::string> zone;  ///< nothing: not compared
    std::optional<std::vector<std::string>> methods;
    friend bool operator==(const ExpectedVerdict&, const ExpectedVerdict&) = default;
};

/// A passage that a ruleset is tried with before it acts, and what must come of it. One that differs refuses the
/// ruleset.
struct RulesetCase {
    std::string id;
    std::string says;  ///< in a sentence, for people
    PassageFacts facts;
    OrdersFound orders;
    DecisionBasis basis;
    ExpectedVerdict expected;
};

/// A ruleset as it is signed: with the cases that it must pass.
struct RulesetDocument {
    Ruleset ruleset;
    std::vector<RulesetCase> cases;
};

}  // namespace portcullis
