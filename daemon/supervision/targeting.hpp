#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/facts.hpp"
#include "supervision/findings.hpp"

/// 布控: what targeting orders say about this vehicle. Unknown counts as a match: it never releases.
namespace portcullis::supervision {

/// A targeting order that acts on this vehicle; `watch` acts on nobody and gives no reason (no tipping off).
struct TargetingHit {
    const FoundOrder* found = nullptr;
    Finding finding;
};

/// Stands for an authority in the place of a targeting order that acts once; none that signs orders.
inline constexpr std::string_view targeting_authority = "targeting";

/// The place that a `once` order takes with the release that ends it: used, the order is spent at that control point.
/// Nothing for an order that acts every time, or whose names together are too long for an order's id: that one acts
/// every time too.
[[nodiscard]] std::optional<UsageKey> spent_place(const Order& order, const ControlPoint& control_point);

/// Every targeting order in force that is not spent and whose match is not surely false, in the order of `orders`.
[[nodiscard]] std::vector<TargetingHit> targeting_hits(const std::vector<FoundOrder>& orders, const PassageFacts& facts,
                                                       const DecisionBasis& basis);

}  // namespace portcullis::supervision
