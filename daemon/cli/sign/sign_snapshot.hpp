#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/order.hpp"
#include "core/result.hpp"
#include "store/standing_orders.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// All orders of an authority as they stand after its operations: what a snapshot is made of. They are held in a file
/// of their own and not in memory, for there may be ten million.
class OrderStand {
public:
    /// Makes `file` for the time that it lives.
    [[nodiscard]] static Result<std::unique_ptr<OrderStand>, std::string> begin(Authority authority,
                                                                                const std::filesystem::path& file);

    /// Takes operations as JSON Lines, one after the other, as they stand in batches. Otherwise every bad line.
    [[nodiscard]] std::vector<std::string> read(std::istream& in, const std::string& name);

    /// A snapshot's head with its chunks, and how many orders it has.
    struct Written {
        OrderSnapshot head;
        std::int64_t orders = 0;
    };
    /// Writes a snapshot: its signed head, then one order a line, in the order of their containers. Once.
    [[nodiscard]] Result<Written, std::string> write(OrderSnapshot head, const trust::SigningKey& key,
                                                     std::ostream& out);

private:
    OrderStand(Authority authority, std::unique_ptr<store::StandingOrders> orders)
        : authority_(std::move(authority)), orders_(std::move(orders)) {}
    /// What is wrong with it; empty = it was taken.
    [[nodiscard]] std::string take(std::string_view line);
    [[nodiscard]] std::string put(const Order& order);
    [[nodiscard]] std::string revoke(const RevokeOrder& revocation);
    [[nodiscard]] std::string use(const UsedOrder& used, std::string_view line);

    Authority authority_;
    std::unique_ptr<store::StandingOrders> orders_;
};

}  // namespace portcullis::sign
