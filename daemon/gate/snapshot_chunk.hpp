#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codec/plain_order.hpp"
#include "codec/refusal.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/result.hpp"
#include "store/order_fill.hpp"

namespace portcullis::gate {

/// Where the lines of a chunk go.
struct ChunkInto {
    const Authority& authority;
    codec::PlainOrderReader& reader;
    store::OrderFill& fill;
    std::vector<UsedOrder>& used;  ///< places that its orders say were used
};

/// Reads the lines of a snapshot's chunk into a fill, strictly: the first bad one refuses the snapshot. Gives how many
/// lines there were.
[[nodiscard]] Result<std::int64_t, codec::Refusal> fill_chunk(std::string_view chunk, const ChunkInto& into);

}  // namespace portcullis::gate
