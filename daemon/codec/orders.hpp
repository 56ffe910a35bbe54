#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

inline constexpr std::string_view orders_kind = "orders";
inline constexpr std::size_t most_orders_in_batch = 10'000;
inline constexpr std::size_t most_payload_bytes = std::size_t{8} * 1024 * 1024;
/// Base64 makes four of three; the rest is for the signatures.
inline constexpr std::size_t most_envelope_bytes = most_payload_bytes / 3 * 4 + std::size_t{8} * 1024;

/// Reads the payload of an order batch (contracts.md 4). The first thing that is wrong anywhere refuses all of it.
[[nodiscard]] Result<OrderBatch, Refusal> read_order_batch(std::string_view payload);

/// Reads one element of a batch's `orders`, as a line of JSON Lines has it.
[[nodiscard]] Result<OrderOperation, Refusal> read_order_operation(std::string_view line, const Authority& authority);

/// The payload of a batch with the head of `batch` (its operations are not looked at) and these order objects, each
/// taken as it is: what central wrote is what it signs.
[[nodiscard]] std::string write_order_batch(const OrderBatch& batch, std::span<const std::string> order_objects);

/// One line of a snapshot: an order as the cache keeps it, and the places of it that were used.
struct SnapshotLine {
    Order order;
    std::vector<UsedOrder> used;
};
inline constexpr std::size_t most_used_in_line = 1000;
[[nodiscard]] Result<SnapshotLine, Refusal> read_snapshot_line(std::string_view text);
[[nodiscard]] std::string write_snapshot_line(const Order& order, std::span<const UsedOrder> used);

/// One order as the cache keeps it: canonical JSON of the members of `put`, with its authority and, when it was
/// revoked, the reason.
[[nodiscard]] std::string write_cached_order(const Order& order);
[[nodiscard]] Result<Order, Refusal> read_cached_order(std::string_view text);

}  // namespace portcullis::codec
