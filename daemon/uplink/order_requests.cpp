#include "uplink/order_requests.hpp"

#include <algorithm>

namespace portcullis::uplink {

std::vector<OrdersNeed> OrderRequests::due(Instant now) {
    std::vector<OrdersNeed> needs;
    for (auto& [authority, row] : rows_) {
        if (row.from && (!row.asked_at || now >= *row.asked_at + pause)) {
            needs.push_back({authority, *row.from});
            row.from.reset();
            row.asked_at = now;
        }
    }
    return needs;
}

std::optional<Instant> OrderRequests::deadline() const {
    std::optional<Instant> first;
    for (const auto& [authority, row] : rows_) {
        if (row.from) {
            const auto due = row.asked_at ? *row.asked_at + pause : Instant{};
            first = first ? std::min(*first, due) : due;
        }
    }
    return first;
}

}  // namespace portcullis::uplink
