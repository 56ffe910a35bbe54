#include "gate/order_changes.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "codec/orders.hpp"
#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

struct ChangedKey {
    std::string_view kind;
    std::string text;
};

/// The first thing by which the order is found.
ChangedKey key_of(const Order& order) {
    const auto* targeting = order.targeting();
    const auto& match = targeting != nullptr ? targeting->match : TargetingMatch{};
    if (match.plate && !match.container) {
        return {"plate", match.plate->text()};
    }
    if (match.enterprise && !match.container) {
        return {"enterprise", *match.enterprise};
    }
    auto container = match.container;
    if (const auto* release = order.release()) {
        container = release->container;
    } else if (const auto* movement = order.movement()) {
        container = movement->container;
    }
    if (container) {
        return {"container", container->text()};
    }
    if (!order.tractor_plates.empty()) {
        return {"plate", order.tractor_plates.front().text()};
    }
    return {"order", order.id.text()};
}

std::string_view kind_of(const Order& order) {
    if (order.release() != nullptr) {
        return "release";
    }
    return order.targeting() != nullptr ? "targeting" : "movement";
}

bool says_why_picked(std::string_view status) {
    return status == text_of(ReleaseStatus::inspect) || status == text_of(ReleaseStatus::treat);
}

Event changed_event(const store::BatchApplied& batch, const Order& order, const store::StatusChange& change, Now now) {
    auto key = key_of(order);
    const auto& officer = change.revoked ? change.revoked->officer : order.officer;
    return {"order.changed", "gate", now,
            Object{{"authority", batch.authority.text()},
                   {"order_id", change.id.text()},
                   {"kind", kind_of(order)},
                   {"key_kind", key.kind},
                   {"key", std::move(key.text)},
                   {"old_status", change.old_status},
                   {"new_status", change.new_status},
                   {"officer", officer.empty() ? std::string{"unknown"} : officer},
                   {"issued_at", time_text(change.revoked ? change.revoked->decided : order.decided)},
                   {"batch", batch.number},
                   {"not_told", 0}},
            std::nullopt};
}

}  // namespace

void NamedOrders::add(const std::vector<OrderNamed>& orders) {
    for (const auto& order : orders) {
        if (named_.insert(order).second) {
            oldest_.push_back(order);
        }
    }
    while (oldest_.size() > most_named) {
        named_.erase(oldest_.front());
        oldest_.pop_front();
    }
}

bool OrderChanges::may_be_told(const Order& order, const store::StatusChange& change) const {
    const bool picks =
        order.targeting() != nullptr || says_why_picked(change.old_status) || says_why_picked(change.new_status);
    return !picks || named_.contains({order.authority, order.id});
}

void OrderChanges::take(const store::BatchApplied& batch, const std::vector<store::StatusChange>& changes, Now now) {
    for (const auto& change : changes) {
        const auto order = codec::read_cached_order(change.body);
        if (!order || !may_be_told(*order, change)) {
            continue;  // one that cannot be read fails the look-up that finds it, which says so
        }
        if (events_.size() < most_told) {
            events_.push_back(changed_event(batch, *order, change, now));
        } else {
            ++more_;
        }
    }
}

std::vector<Event> OrderChanges::told() {
    auto told = std::exchange(events_, {});
    if (auto more = std::exchange(more_, 0); more > 0) {
        *told.back().data.find("not_told") = Value{more};
    }
    return told;
}

}  // namespace portcullis::gate
