// Of the order cache: what it is asked. It runs between two slices.
#include <algorithm>
#include <utility>

#include "store/open_database.hpp"
#include "store/order_cache_impl.hpp"

namespace portcullis::store {
namespace {

void keep_distinct(std::vector<std::string>& texts) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

CacheAnswer OrderCache::Impl::read(const OrderQuestion& question, WallTime now) {
    OrderFindings found;
    for (auto& [authority, seat] : seats_) {
        seat.orders->tables().find(question.containers, question.plates, found);
    }
    keep_distinct(found.enterprises);
    keep_distinct(found.origins);
    keep_distinct(found.goods);
    // Of what only names them: what these orders declare is not this vehicle's.
    OrderFindings beside;
    for (auto& [authority, seat] : seats_) {
        seat.orders->tables().follow(found, beside);
        seat.orders->tables().find(question.near_containers, question.near_plates, beside);
    }
    found.orders.merge(beside.orders);
    CacheAnswer answer{state_.cursor, state_.applied_at, {}};
    for (auto& [key, order] : found.orders) {
        order.changes_24h =
            seats_.at(order.authority).orders->tables().changes_since(order, now - std::chrono::hours{24});
        answer.orders.push_back(std::move(order));
    }
    return answer;
}

/// What fails is the answer to this question, and nothing else.
Result<CacheAnswer, StoreFailure> OrderCache::Impl::look_up(const OrderQuestion& question, WallTime now) {
    if (broken_) {
        return Failure{*broken_};
    }
    try {
        for (auto& [authority, seat] : seats_) {
            seat.orders->begin_reading();
        }
        auto answer = read(question, now);
        for (auto& [authority, seat] : seats_) {
            seat.orders->end_reading();
        }
        return answer;
    } catch (const DatabaseError& error) {
        for (auto& [authority, seat] : seats_) {
            seat.orders->stop_reading();
        }
        return Failure{failure_of(error)};
    }
}

template <class Found, class Read>
Result<Found, StoreFailure> OrderCache::Impl::ask(const Authority& authority, const Read& read) {
    if (broken_) {
        return Failure{*broken_};
    }
    const auto seat = seats_.find(authority);
    if (seat == seats_.end()) {
        return Found{};
    }
    auto& orders = *seat->second.orders;
    try {
        orders.begin_reading();
        auto found = read(orders.ends());
        orders.end_reading();
        return found;
    } catch (const DatabaseError& error) {
        orders.stop_reading();
        return Failure{failure_of(error)};
    }
}

Result<CacheAnswer, StoreFailure> OrderCache::look_up(const OrderQuestion& question, WallTime now) {
    return impl_->look_up(question, now);
}

Result<StatusChanges, StoreFailure> OrderCache::newest_changes(const Authority& authority, std::int64_t after,
                                                               std::size_t most) {
    return impl_->ask<StatusChanges>(authority, [&](OrderEnds& ends) { return ends.newest_changes(after, most); });
}

Result<EndedOrders, StoreFailure> OrderCache::ended(const Authority& authority, const EndedMark& after, WallTime before,
                                                    std::size_t most) {
    return impl_->ask<EndedOrders>(authority, [&](OrderEnds& ends) { return ends.ended(after, before, most); });
}

Result<std::vector<OrderId>, StoreFailure> OrderCache::missing(const Authority& authority,
                                                               const std::vector<OrderId>& orders) {
    return impl_->ask<std::vector<OrderId>>(authority, [&](OrderEnds& ends) { return ends.missing(orders); });
}

}  // namespace portcullis::store
