#pragma once

#include "core/ruleset.hpp"

namespace portcullis::supervision {

/// A ruleset in the form that a decision runs over: made once, when a document is activated.
class CompiledRuleset {
public:
    explicit CompiledRuleset(Ruleset ruleset) : ruleset_(std::move(ruleset)) {}

    [[nodiscard]] const Ruleset& ruleset() const { return ruleset_; }

private:
    Ruleset ruleset_;
};

/// What a gate decides by that has no ruleset, only the rows of its `policy:` file: version 0, no rule, no ladder.
[[nodiscard]] inline Ruleset policy_alone(Policy policy) {
    Ruleset ruleset;
    ruleset.policy = std::move(policy);
    return ruleset;
}

}  // namespace portcullis::supervision
