#pragma once

#include <cstdint>
#include <string>

#include "core/container_number.hpp"

namespace portcullis::bench {

/// The orders of a whole port, each computed from its place: in the order of their containers.
class OrderLoad {
public:
    explicit OrderLoad(std::int64_t orders) : orders_(orders) {}

    [[nodiscard]] std::int64_t size() const { return orders_; }
    [[nodiscard]] ContainerNumber container(std::int64_t place) const;
    /// As a line of a snapshot has it, without the line's end.
    [[nodiscard]] std::string line(std::int64_t place) const;
    [[nodiscard]] static std::string order_id(std::int64_t place);

private:
    std::int64_t orders_;
};

/// Lines of `load` from `place` on, as many as a chunk holds; moves `place` behind them.
[[nodiscard]] std::string next_chunk(const OrderLoad& load, std::int64_t& place);

}  // namespace portcullis::bench
