#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "supervision/passes.hpp"

/// Why a verdict is what it is, rule by rule: for people, who doubt it.
namespace portcullis::supervision {

/// One predicate of a rule and the value that it saw.
struct PredicateExplained {
    const Predicate* predicate = nullptr;  ///< of the ruleset
    Tristate result = Tristate::unknown;
    std::string saw;
};

/// One rule over one box (or a vehicle without boxes).
struct RuleExplained {
    const Rule* rule = nullptr;  ///< of the ruleset
    std::optional<ContainerNumber> container;
    Tristate in_force = Tristate::unknown;
    Tristate for_movement = Tristate::unknown;
    Tristate result = Tristate::unknown;  ///< its draw included; a rule that is not in force is `no`
    bool answered = false;                ///< by the box's zone result: gives no reason
    /// Each declaration of the box by itself, its predicates in the rule's order.
    std::vector<std::vector<PredicateExplained>> declarations;
};

/// One of the vehicle's passes.
struct PassExplained {
    const Pass* pass = nullptr;  ///< of the facts
    PassState state = PassState::none;
};

/// In the order of the facts. `facts` outlives the answer.
[[nodiscard]] std::vector<PassExplained> explain_passes(const PassageFacts& facts, const DecisionBasis& basis);

/// Every rule in the ruleset's order, over every box that a verdict would ask it of. The same input as evaluate().
[[nodiscard]] std::vector<RuleExplained> explain_rules(const CompiledRuleset& ruleset, const PassageFacts& facts,
                                                       OrdersFound found, const DecisionBasis& basis);

}  // namespace portcullis::supervision
