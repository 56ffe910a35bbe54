#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/order.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/store_model.hpp"

namespace portcullis::simulation {

/// A valid ISO 6346 number.
[[nodiscard]] ContainerNumber container_number(Random& random);
[[nodiscard]] std::string plate_text(Random& random);

/// The order cache: what was applied, under one cursor.
class OrdersModel {
public:
    /// A new version of an order; the same (authority, id) is replaced.
    void put(const Order& order, WallTime now);
    [[nodiscard]] OrdersFound look_up(const OrderQuestion& question, const StoreModel& store) const;
    [[nodiscard]] std::int64_t cursor() const { return cursor_; }
    [[nodiscard]] const std::vector<FoundOrder>& of(const ContainerNumber& container) const;

private:
    std::int64_t cursor_ = 0;
    std::map<std::uint64_t, std::vector<FoundOrder>> by_container_;
};

/// A release order of `authority` for one box.
[[nodiscard]] Order release_order(const Authority& authority, const ContainerNumber& container, Movement movement,
                                  ReleaseStatus status);

}  // namespace portcullis::simulation
