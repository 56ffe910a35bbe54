#include "store/order_ends.hpp"

#include <utility>

namespace portcullis::store {
namespace {

std::int64_t ms_of(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime time_of(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

}  // namespace

StatusChanges OrderEnds::newest_changes(std::int64_t after, std::size_t most) {
    StatusChanges page;
    std::size_t seen = 0;
    Use row{newest_.bind(after).bind(static_cast<std::int64_t>(most))};
    for (; row->step(); ++seen) {
        page.last = row->integer(0);
        if (row->integer(1) == 0) {
            continue;
        }
        StatusChange change{OrderId{row->text(2)}, row->text(3), row->text(4), row->text(5), {}};
        if (!row->is_null(8)) {
            change.revoked = Revocation{change.id, row->text(6), row->text(7), time_of(row->integer(8))};
        }
        page.changes.push_back(std::move(change));
    }
    page.more = seen == most;
    return page;
}

std::size_t OrderEnds::take(Statement& rows, EndedOrders& ended) {
    const Use use{rows};
    std::size_t seen = 0;
    for (; rows.step(); ++seen) {
        ended.last = {time_of(rows.integer(1)), rows.integer(0)};
        if (rows.integer(2) != 0) {
            ended.orders.emplace_back(rows.text(3));
        }
    }
    return seen;
}

EndedOrders OrderEnds::ended(const EndedMark& after, WallTime before, std::size_t most) {
    EndedOrders ended;
    ended.last = after;
    auto left = static_cast<std::int64_t>(most);
    left -= static_cast<std::int64_t>(take(ended_at_.bind(ms_of(after.ends)).bind(after.id).bind(left), ended));
    if (left > 0) {
        left -=
            static_cast<std::int64_t>(take(ended_after_.bind(ms_of(after.ends)).bind(ms_of(before)).bind(left), ended));
    }
    ended.more = left == 0;
    return ended;
}

std::vector<OrderId> OrderEnds::missing(const std::vector<OrderId>& orders) {
    std::vector<OrderId> missing;
    for (const auto& order : orders) {
        Use there{is_there_.bind(order.text())};
        if (!there->step()) {
            missing.push_back(order);
        }
    }
    return missing;
}

std::size_t OrderEnds::forget(WallTime before, std::size_t most) {
    std::vector<std::int64_t> ids;
    {
        Use row{past_.bind(ms_of(before)).bind(static_cast<std::int64_t>(most))};
        while (row->step()) {
            ids.push_back(row->integer(0));
        }
    }
    for (const auto id : ids) {
        delete_keys_.bind(id).run();
        delete_version_.bind(id).run();
    }
    return ids.size();
}

}  // namespace portcullis::store
