#pragma once

#include "core/facts.hpp"
#include "supervision/findings.hpp"

/// Predicates over the vehicle as a whole: is it known who stands there, and can the orders be relied on?
namespace portcullis::supervision {

/// Runs the table of vehicle predicates in its order; each adds what it finds.
[[nodiscard]] Findings check_vehicle(const PassageFacts& facts, const OrdersFound& found);

}  // namespace portcullis::supervision
