#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis::uplink {

/// The first batch of an authority that the gate does not have.
struct OrdersNeed {
    Authority authority;
    std::int64_t from = 1;
};

/// What a gate asks of a snapshot: which is newest (number and chunk 0), or one of its chunks, from 1 on.
struct SnapshotNeed {
    Authority authority;
    std::int64_t number = 0;
    std::int64_t chunk = 0;
    friend bool operator==(const SnapshotNeed&, const SnapshotNeed&) = default;
};

/// Which `request`s for orders are to be sent: a gap shows with every batch that comes behind it, and central is asked
/// at most once in `pause` for each authority. The newest need counts.
class OrderRequests {
public:
    static constexpr std::chrono::seconds pause{5};

    void need(const OrdersNeed& need) { rows_[need.authority].from = need.from; }
    /// A new connection: central may have missed what was asked over the last one.
    void connected() {
        for (auto& [authority, row] : rows_) {
            row.asked_at.reset();
        }
    }
    /// What is to be asked at `now`.
    [[nodiscard]] std::vector<OrdersNeed> due(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Row {
        std::optional<std::int64_t> from;  ///< waits to be asked
        std::optional<Instant> asked_at;
    };
    std::map<Authority, Row> rows_;
};

}  // namespace portcullis::uplink
