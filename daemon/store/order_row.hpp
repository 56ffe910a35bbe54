#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/plate_number.hpp"
#include "core/time.hpp"

namespace portcullis::store {

/// By what a targeting order is found that names neither container nor plate.
enum class TargetingKeyKind : std::uint8_t { enterprise, hs, origin };

struct TargetingKey {
    TargetingKeyKind kind = TargetingKeyKind::enterprise;
    std::string text;
};

/// An order as the cache keeps it: its text, and by what it is found. An order that names a container is found by it;
/// one that does not, by each of its tractor plates. A targeting order is found by the most telling thing that it
/// names: container, plate, enterprise, goods, origin.
struct OrderRow {
    OrderId id;
    std::string status;  ///< of a release; a targeting order's action; `active` for a movement order (events.md)
    std::string body;    ///< canonical JSON, given back as it is
    std::optional<ContainerNumber> container;
    std::vector<PlateNumber> plates;
    std::optional<TargetingKey> targeting;
    std::optional<std::string> enterprise;  ///< of a release order: leads to targeting orders
    std::optional<std::string> origin;
    std::vector<std::string> hs;
    std::optional<WallTime> valid_to;
};

/// The row of `order` with `body` as its text.
[[nodiscard]] OrderRow order_row(const Order& order, std::string body);

/// What a `revoke` operation says; the cache keeps it beside the order, which stays.
struct Revocation {
    OrderId id;
    std::string reason;
    std::string officer;
    WallTime decided;
};

}  // namespace portcullis::store
