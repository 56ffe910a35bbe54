#pragma once

#include "core/facts.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"
#include "supervision/compiled_ruleset.hpp"

/// The verdict: pure logic over a ruleset, the facts of one passage, and the orders that were found for it.
namespace portcullis::supervision {

/// What the order cache is asked for this passage, all in one call.
[[nodiscard]] OrderQuestion question_for(const PassageFacts& facts);

/// Decides a passage (design.md 4). All matching reasons are kept, the strictest first and otherwise in the order of
/// the tables; the outcome is the strictest reason's, and no reason at all is `hold`. The same input gives the same
/// verdict, in whatever order the orders were found. `evaluation` is left to the caller, who has a clock.
[[nodiscard]] Verdict evaluate(const CompiledRuleset& ruleset, const PassageFacts& facts, OrdersFound found,
                               const DecisionBasis& basis);

/// The same for who decides once: compiles the ruleset first.
[[nodiscard]] Verdict evaluate(const Ruleset& ruleset, const PassageFacts& facts, OrdersFound found,
                               const DecisionBasis& basis);

}  // namespace portcullis::supervision
