#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "core/event.hpp"
#include "core/history.hpp"
#include "core/order.hpp"
#include "core/time.hpp"
#include "store/order_cache.hpp"

namespace portcullis::gate {

/// Orders that say why a box was picked, and that a verdict of this stream has named. Bounded: the oldest are
/// forgotten, and then nothing is told of them any more.
class NamedOrders {
public:
    static constexpr std::size_t most_named = 20'000;

    void add(const std::vector<OrderNamed>& orders);
    [[nodiscard]] bool contains(const OrderNamed& order) const { return named_.contains(order); }

private:
    std::set<OrderNamed> named_;
    std::deque<OrderNamed> oldest_;
};

/// Which of a batch's changes are told, as `order.changed`: those of orders that were here before it. Of a targeting
/// order, and of a release that became or was `inspect` or `treat`, only after a verdict has named it: nobody at the
/// gate learns from a change that a box was picked that has not come yet.
class OrderChanges {
public:
    /// A batch; what is more is counted.
    static constexpr std::size_t most_told = 100;
    /// Orders of a batch that are looked at in one piece.
    static constexpr std::size_t page = 250;

    void named(const std::vector<OrderNamed>& orders) { named_.add(orders); }
    /// Some changes of a batch that was applied.
    void take(const store::BatchApplied& batch, const std::vector<store::StatusChange>& changes, Now now);
    /// What is to be told of all that were taken since the last call.
    [[nodiscard]] std::vector<Event> told();

private:
    [[nodiscard]] bool may_be_told(const Order& order, const store::StatusChange& change) const;

    NamedOrders named_;
    std::vector<Event> events_;
    std::int64_t more_ = 0;
};

}  // namespace portcullis::gate
