#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "core/order.hpp"
#include "core/result.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// All orders of an authority as they stand after its operations: what a snapshot is made of. Held in memory.
class OrderStand {
public:
    explicit OrderStand(Authority authority) : authority_(std::move(authority)) {}

    /// Takes operations as JSON Lines, one after the other, as they stand in batches. Otherwise every bad line.
    [[nodiscard]] std::vector<std::string> read(std::istream& in, const std::string& name);
    [[nodiscard]] std::size_t size() const { return orders_.size(); }

    /// Writes a snapshot: its signed head, then one order a line, in the order of their containers. The head is given
    /// its chunks.
    [[nodiscard]] Result<OrderSnapshot, std::string> write(OrderSnapshot head, const trust::SigningKey& key,
                                                           std::ostream& out) const;

private:
    struct Standing {
        std::int64_t place = 0;
        std::string line;
    };
    [[nodiscard]] std::string take(std::string_view line);

    Authority authority_;
    std::map<std::string, Standing> orders_;
};

}  // namespace portcullis::sign
