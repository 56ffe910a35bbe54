#pragma once

#include <string>
#include <string_view>

#include "core/order.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "gate/document_gate.hpp"

namespace portcullis::gate {

/// What a gate holds the head of a snapshot against.
struct SnapshotTerms {
    std::string terminal;
    std::string gate;
    WallTime time_floor;  ///< no time before it is believed
};

/// All checks of a snapshot's head but its place in the chain: size, signature by its authority's keys, form, audience,
/// expiry.
[[nodiscard]] Result<OrderSnapshot, DocumentRefused> open_snapshot(std::string_view received, const OrderKeys& keys,
                                                                   const SnapshotTerms& terms);

}  // namespace portcullis::gate
