#include "lane/usage.hpp"

#include <algorithm>

namespace portcullis::lane {

namespace {

/// Puts `state` of one place into `usage`; a free place has no row.
void put(std::vector<Usage>& usage, const Usage& changed) {
    const auto row = std::find_if(usage.begin(), usage.end(), [&](const Usage& one) {
        return one.key == changed.key && one.passage == changed.passage && one.place == changed.place;
    });
    if (changed.state == UsageState::free) {
        if (row != usage.end()) {
            usage.erase(row);
        }
    } else if (row != usage.end()) {
        row->state = changed.state;
    } else {
        usage.push_back(changed);
    }
}

}  // namespace

bool UsageLedger::reserve(const UsageClaim& claim, const std::vector<Usage>& found, PassageId passage) {
    const auto now_taken = taken(claim.key, found);
    const auto own = std::find_if(now_taken.begin(), now_taken.end(),
                                  [&](const Usage& one) { return one.passage == passage && one.place == claim.place; });
    if (own != now_taken.end()) {
        return own->state == UsageState::reserved;
    }
    if (now_taken.size() >= static_cast<std::size_t>(std::max(claim.uses, 0))) {
        return false;
    }
    set({claim.key, passage, claim.place}, UsageState::reserved);
    return true;
}

void UsageLedger::use(const UsageKey& key, PassageId passage, int place) {
    set({key, passage, place}, UsageState::used);
}

void UsageLedger::give_back(const UsageKey& key, PassageId passage, int place) {
    set({key, passage, place}, UsageState::free);
}

void UsageLedger::restore(const UsageKey& key, PassageId passage, int place) {
    set({key, passage, place}, UsageState::reserved);
}

std::vector<Usage> UsageLedger::taken(const UsageKey& key, const std::vector<Usage>& found) const {
    std::vector<Usage> all;
    for (const auto& one : found) {
        if (one.key == key && one.state != UsageState::free) {
            all.push_back(one);
        }
    }
    for (auto row = places_.lower_bound(before_all(key)); row != places_.end() && row->first.key == key; ++row) {
        put(all, {key, row->second, row->first.passage, row->first.place});
    }
    return all;
}

void UsageLedger::overlay(OrdersFound& found, const ControlPoint& control_point) const {
    for (auto& order : found.orders) {
        // All places of (authority, order) lie together in the map, whatever their container and control point.
        const UsageKey first{order.order.authority, order.order.id, std::nullopt, ControlPoint{}};
        for (auto row = places_.lower_bound(before_all(first)); row != places_.end(); ++row) {
            const auto& [key, passage, place] = row->first;
            if (key.authority != order.order.authority || key.order != order.order.id) {
                break;
            }
            if (key.control_point == control_point) {
                put(order.usage, {key, row->second, passage, place});
            }
        }
    }
}

void UsageLedger::set(const Place& place, UsageState state) {
    places_[place] = state;
    if (state == UsageState::reserved) {
        return;
    }
    settled_.push_back(place);
    if (settled_.size() > settled_kept) {
        const auto oldest = places_.find(settled_.front());
        if (oldest != places_.end() && oldest->second != UsageState::reserved) {
            places_.erase(oldest);
        }
        settled_.pop_front();
    }
}

}  // namespace portcullis::lane
