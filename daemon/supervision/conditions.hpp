#pragma once

#include "supervision/order_checks.hpp"

namespace portcullis::supervision {

/// What an order asks for before it may be used: a predicate over this box and this order. One of a kind, or with
/// arguments, that this version does not know is unknown.
[[nodiscard]] Tristate condition_met(const OrderCondition& condition, const OrderAt& at);

/// It asks for a zone result, and the box has none yet.
[[nodiscard]] bool waits_for_result(const OrderCondition& condition, const OrderAt& at);

}  // namespace portcullis::supervision
