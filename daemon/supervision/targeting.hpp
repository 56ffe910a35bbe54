#pragma once

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

/// Every targeting order in force whose match is not surely false, in the order of `orders`.
[[nodiscard]] std::vector<TargetingHit> targeting_hits(const std::vector<FoundOrder>& orders, const PassageFacts& facts,
                                                       const DecisionBasis& basis);

}  // namespace portcullis::supervision
