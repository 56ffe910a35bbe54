#pragma once

#include <cstdint>
#include <string>

#include "core/enum_text.hpp"
#include "core/hash256.hpp"
#include "core/order.hpp"

namespace portcullis::codec {

/// The newest batch of one authority that a gate applied. Before the first: number 0 and zeros.
struct OrderChainState {
    std::int64_t number = 0;
    Hash256 payload_hash{};
};

/// How a batch stands to what was applied before it.
enum class BatchPlace : std::uint8_t {
    next,      ///< to be applied
    repeated,  ///< the newest one again, to the byte: nothing to do
    older,     ///< below the newest: nothing to do, nothing to prove it by
    forked,    ///< the number of the newest with other bytes, or the next with another `previous`
    gap        ///< beyond the next: what is between must come first
};
}  // namespace portcullis::codec

template <>
inline constexpr auto portcullis::enum_texts<portcullis::codec::BatchPlace> =
    std::to_array<portcullis::EnumText<portcullis::codec::BatchPlace>>({
        {portcullis::codec::BatchPlace::next, "next"},
        {portcullis::codec::BatchPlace::repeated, "repeated"},
        {portcullis::codec::BatchPlace::older, "older"},
        {portcullis::codec::BatchPlace::forked, "forked"},
        {portcullis::codec::BatchPlace::gap, "gap"},
    });

namespace portcullis::codec {

/// Number 1 follows 64 zeros (contracts.md 4), which is what a state without batches holds.
[[nodiscard]] inline BatchPlace place_of(const OrderBatch& batch, const Hash256& payload_hash,
                                         const OrderChainState& state) {
    if (batch.number < state.number) {
        return BatchPlace::older;
    }
    if (batch.number == state.number) {
        return payload_hash == state.payload_hash ? BatchPlace::repeated : BatchPlace::forked;
    }
    if (batch.number > state.number + 1) {
        return BatchPlace::gap;
    }
    return hash256_from_hex(batch.previous) == state.payload_hash ? BatchPlace::next : BatchPlace::forked;
}

}  // namespace portcullis::codec
