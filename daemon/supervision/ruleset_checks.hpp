#pragma once

#include <span>
#include <vector>

#include "supervision/box_case.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "supervision/verdict_builder.hpp"
#include "supervision/weight.hpp"

/// What a ruleset finds in the boxes of a passage, beside their orders and the policy.
namespace portcullis::supervision {

/// Everything that these tables look at. `ruleset_state`, `orders_state` as they are in the verdict.
struct RulesetScene {
    const CompiledRuleset& ruleset;
    const PassageFacts& facts;
    const DecisionBasis& basis;
    WeightJudgement weight;
    DocumentState ruleset_state = DocumentState::unknown;
    DocumentState orders_state = DocumentState::unknown;
};

/// Drops the targeting hits that a zone result answers; one that acts once is claimed then, and spent with it.
void add_targeting(VerdictBuilder& builder, const std::vector<TargetingHit>& hits, const ControlPoint& control_point,
                   std::vector<BoxCase>& boxes);

/// What the boxes' own zone results hold.
void add_zone_results(VerdictBuilder& builder, const std::vector<BoxCase>& boxes);

/// The draw, before the rules: they may ask for it. Answered ones are satisfied.
void settle_sampling(VerdictBuilder& builder, std::vector<BoxCase>& boxes);

/// Every rule, in the ruleset's order; its reasons once, however many boxes match.
void add_rules(VerdictBuilder& builder, const RulesetScene& scene, std::vector<BoxCase>& boxes);

void add_sampling(VerdictBuilder& builder, const RulesetScene& scene, const std::vector<BoxCase>& boxes);

/// What the ages of ruleset and orders take away, and orders that others may have used meanwhile.
void add_staleness(VerdictBuilder& builder, const RulesetScene& scene, const std::vector<BoxCase>& boxes);

}  // namespace portcullis::supervision
