#pragma once

#include <vector>

#include "supervision/box_case.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::supervision {

/// Nothing can be said about the orders of a box without a look-up: that is not the same as having none.
[[nodiscard]] bool orders_known(const OrdersFound& found);

/// Those that are about this vehicle, in their order: taken out of what was found. A release or movement order that
/// was found by a number or plate that nobody read is not.
[[nodiscard]] std::vector<FoundOrder> orders_about(const PassageFacts& facts, OrdersFound& found);

/// One for each box, or for a vehicle that is proved to carry none or is taken as such by its pass. They look into
/// `orders`, `facts` and `basis`.
[[nodiscard]] std::vector<BoxCase> cases_of(const Ruleset& ruleset, const PassageFacts& facts,
                                            const std::vector<FoundOrder>& orders, const DecisionBasis& basis,
                                            const WeightJudgement& weight);

}  // namespace portcullis::supervision
