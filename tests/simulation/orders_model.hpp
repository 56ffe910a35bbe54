#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/facts.hpp"
#include "core/order.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/store_model.hpp"

namespace portcullis::simulation {

/// A valid ISO 6346 number.
[[nodiscard]] ContainerNumber container_number(Random& random);
[[nodiscard]] std::string plate_text(Random& random);

/// The container that an order names.
[[nodiscard]] std::optional<ContainerNumber> container_of(const Order& order);

/// The order cache: what was applied, under one cursor, found by the container that it names or else by its plates.
class OrdersModel {
public:
    /// A new version of an order; the same (authority, id) is replaced. A version names whom the first one named.
    void put(const Order& order, WallTime now);
    [[nodiscard]] OrdersFound look_up(const OrderQuestion& question, const StoreModel& store) const;
    [[nodiscard]] std::int64_t cursor() const { return cursor_; }

private:
    std::int64_t cursor_ = 0;
    std::map<std::pair<Authority, OrderId>, FoundOrder> orders_;
    std::map<std::uint64_t, std::vector<const FoundOrder*>> by_container_;
    std::map<std::string, std::vector<const FoundOrder*>> by_plate_;
};

}  // namespace portcullis::simulation
