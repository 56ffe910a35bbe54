#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::gate {

inline constexpr std::size_t most_recorded_facts = std::size_t{64} * 1024;

/// What a verdict of this ruleset rests on, for whoever doubts it (docs/ruleset.md, decided again); `unknown` where it
/// would be too long: an event of any length would hold up its stream. Of a vehicle's visits only those that the
/// ruleset or an order looks back to; none looks: they are left unknown. `found`: the orders' surroundings,
/// `looked_at`: the orders.
[[nodiscard]] std::string recorded_facts(const supervision::CompiledRuleset& ruleset, PassageFacts facts,
                                         OrdersFound found, const std::vector<FoundOrder>& looked_at,
                                         const DecisionBasis& basis);

}  // namespace portcullis::gate
