#pragma once

#include <cstdint>
#include <string_view>

#include "codec/plain_order.hpp"
#include "codec/refusal.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "store/order_fill.hpp"

namespace portcullis::gate {

/// Reads the lines of a snapshot's chunk into a fill, strictly: the first bad one refuses the snapshot. Gives how many
/// lines there were.
[[nodiscard]] Result<std::int64_t, codec::Refusal> fill_chunk(std::string_view chunk, const Authority& authority,
                                                              codec::PlainOrderReader& reader, store::OrderFill& fill);

}  // namespace portcullis::gate
