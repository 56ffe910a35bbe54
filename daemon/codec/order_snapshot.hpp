#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/order.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

inline constexpr std::string_view snapshot_kind = "snapshot";
inline constexpr std::size_t most_snapshot_chunks = 16'384;
inline constexpr std::size_t most_chunk_bytes = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t most_snapshot_head_bytes = std::size_t{4} * 1024 * 1024;

/// Reads the signed head of a snapshot (docs/central/README.md). Its chunks follow by themselves, known by their
/// hashes: JSON Lines, each line one order as `write_cached_order` writes it, in the order of their containers.
[[nodiscard]] Result<OrderSnapshot, Refusal> read_order_snapshot(std::string_view payload);
[[nodiscard]] std::string write_order_snapshot(const OrderSnapshot& snapshot);

}  // namespace portcullis::codec
