// What was decided, and the permission that follows from it: commit before move (design.md 3).
#include <algorithm>
#include <utility>

#include "lane/lane.hpp"
#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

using namespace std::chrono_literals;

/// A verdict that waited longer than this for the arm is asked for again: validity moves with the clock.
constexpr auto verdict_keeps = 10s;
constexpr int most_reserve_failures = 2;
/// A vehicle that waits for something that no batch of orders announces is asked about this often.
constexpr auto ask_again_after = 5s;

/// Says the same as the one issued before, so that waiting for orders does not fill the journal.
bool alike(const Verdict& a, const Verdict& b) {
    return a.outcome == b.outcome && a.movement == b.movement && a.reasons == b.reasons && a.consents == b.consents &&
           a.claims == b.claims && a.plate_on_order == b.plate_on_order && a.zone == b.zone;
}

/// A reason that time takes away: a failed look-up, a place that another lane may give back, a validity to come.
bool may_pass(const Reason& reason) {
    return reason.code == ReasonCode::lookup_failed || reason.code == ReasonCode::order_reserved ||
           reason.code == ReasonCode::order_not_yet_valid || reason.code == ReasonCode::clock_band;
}

Trigger trigger_of(Route route) {
    switch (route) {
        case Route::divert:
            return Trigger::divert;
        case Route::turn_back:
            return Trigger::turn_back;
        case Route::open:
        case Route::wait:
            return Trigger::wait;
    }
    return Trigger::wait;
}

}  // namespace

Route Lane::route_of(VerdictOutcome outcome) const {
    switch (outcome) {
        case VerdictOutcome::release:
            return Route::open;
        case VerdictOutcome::inspect:
            switch (settings_.on_inspect) {
                case OnInspect::open:
                    return Route::open;
                case OnInspect::divert:
                    return Route::divert;
                case OnInspect::wait_escort:
                    return Route::wait;
                case OnInspect::turn_back:
                    return Route::turn_back;
            }
            break;
        case VerdictOutcome::hold:
            switch (settings_.on_hold) {
                case OnHold::wait_person:
                    return Route::wait;
                case OnHold::divert:
                    return Route::divert;
                case OnHold::turn_back:
                    return Route::turn_back;
            }
            break;
    }
    return Route::wait;
}

void Lane::take(const VerdictReady& ready, Turn& turn) {
    auto* passage = find(ready.passage);
    if (passage == nullptr || !passage->asked || ready.ask != passage->ask || mode_ != LaneMode::automatic) {
        return;
    }
    passage->asked = false;
    if (ready.verdict.order_cursor < order_cursor_) {
        ask(*passage, turn);  // orders came while it was asked
        return;
    }
    order_cursor_ = ready.verdict.order_cursor;
    const auto route = route_of(ready.verdict.outcome);
    if (passage->state() == PassageState::permitted || passage->state() == PassageState::passing) {
        if (route != Route::open) {
            supersede(*passage, ready.verdict, "orders", turn);
        }
        return;
    }
    if (passage->state() != PassageState::deciding && !passage->waits()) {
        return;
    }
    const bool same = passage->verdict && passage->verdict_told && alike(*passage->verdict, ready.verdict);
    const bool same_basis = same && passage->verdict->order_cursor == ready.verdict.order_cursor;
    passage->verdict = ready.verdict;
    passage->verdict_at = turn.instant();
    passage->times.verdict = turn.instant();
    passage->opens = route == Route::open;
    passage->verdict_told = passage->opens ? same_basis : same;
    if (!passage->opens) {
        tell(*passage, turn);
        if (std::any_of(ready.verdict.reasons.begin(), ready.verdict.reasons.end(), may_pass)) {
            ask_later(*passage, turn);
        }
    }
}

void Lane::ask_later(Passage& passage, const Turn& turn) const {
    passage.ask_again_at = turn.instant() + ask_again_after;
}

void Lane::ask_again(Turn& turn) {
    for (const auto& passage : passages_) {
        if (passage->ask_again_at && turn.instant() >= *passage->ask_again_at) {
            passage->ask_again_at.reset();
            if (passage->waits() && passage->identity) {
                ask(*passage, turn);
            }
        }
    }
}

/// Issues the verdict, unless it says what the last one said, and does what it says.
void Lane::tell(Passage& passage, Turn& turn) {
    if (!passage.verdict_told) {
        issue(passage, turn);
    }
    const auto trigger = trigger_of(route_of(passage.verdict->outcome));
    if (!passage.waits() || next_state(passage.state(), trigger) != passage.state()) {
        enter(passage, trigger, turn);
    }
}

void Lane::issue(Passage& passage, Turn& turn) {
    const auto token = next_token();
    turn.record(events(turn).verdict_issued(passage, route_of(passage.verdict->outcome), token));
    passage.verdict_sequence = token;
    passage.verdict_told = true;
    passage.changed = true;
}

/// A stricter verdict than the one that opened. Before the arm: red, close by rule, hold. Under or past it: record.
void Lane::supersede(Passage& passage, Verdict verdict, std::string_view cause, Turn& turn) {
    if (passage.verdict && passage.verdict_told && passage.verdict->outcome == verdict.outcome) {
        return;
    }
    const auto old = passage.verdict_sequence;
    passage.verdict = std::move(verdict);
    passage.verdict_at = turn.instant();
    passage.opens = false;
    issue(passage, turn);
    turn.record(events(turn).verdict_superseded(passage, old, cause, passage.verdict->outcome));
    if (passage.state() == PassageState::permitted) {
        withdraw_pending(passage.id, turn);
        end_permission(passage, "superseded", turn);
        enter(passage, trigger_of(route_of(passage.verdict->outcome)), turn);
    }
}

// ---- permission

void Lane::release_head(Turn& turn) {
    auto* passage = head();
    if (passage == nullptr || !passage->opens || passage->asked ||
        (passage->state() != PassageState::deciding && !passage->waits())) {
        return;
    }
    if (!passage->place.on_arrival && !passage->place.on_arm) {
        return;  // nobody opens for a vehicle that is not seen
    }
    const auto scene_now = scene(turn.instant());
    // Who is on no sensor has gone or is going: the arm would open for nobody, or for another.
    if (passage->place.nowhere() || !interlock_.allows_up(scene_now)) {
        if (!passage->verdict_told) {
            issue(*passage, turn);  // decided, and waits
        }
        return;
    }
    if (passage->verdict->order_cursor != order_cursor_ || turn.instant() - passage->verdict_at > verdict_keeps) {
        ask(*passage, turn);
        return;
    }
    std::vector<UsageKey> fresh;
    if (!reserve(*passage, fresh)) {
        if (++passage->reserve_failures < most_reserve_failures) {
            ask(*passage, turn);  // another lane was faster: the next answer says so
        } else {
            passage->opens = false;
            if (!passage->verdict_told) {
                issue(*passage, turn);
            }
            enter(*passage, Trigger::wait, turn);
            ask_later(*passage, turn);
        }
        return;
    }
    passage->permission.emplace(PermissionId{ids_()}, turn.instant() + settings_.permission_life);
    const auto plan = interlock_.plan_up(next_command(), *passage->permission, scene_now, turn.instant());
    permit(*passage, plan.value(), fresh, turn);
}

/// Takes every place that the verdict claims, or none. `fresh` = those that it did not hold before.
bool Lane::reserve(Passage& passage, std::vector<UsageKey>& fresh) {
    for (const auto& claim : passage.verdict->claims) {
        const auto own = std::find_if(passage.held.begin(), passage.held.end(),
                                      [&](const HeldPlace& held) { return held.key == claim.key; });
        if (own != passage.held.end() && own->state == UsageState::reserved) {
            continue;
        }
        std::vector<Usage> found;
        for (const auto& order : passage.verdict->orders) {
            if (order.order.authority == claim.key.authority && order.order.id == claim.key.order) {
                found.insert(found.end(), order.usage.begin(), order.usage.end());
            }
        }
        if (own != passage.held.end() || !ledger_.reserve(claim, found, passage.id)) {
            for (const auto& key : fresh) {
                ledger_.give_back(key, passage.id);
            }
            fresh.clear();
            return false;
        }
        fresh.push_back(claim.key);
    }
    return true;
}

void Lane::permit(Passage& passage, const ArmPlan& plan, const std::vector<UsageKey>& fresh, Turn& turn) {
    if (!passage.verdict_told) {
        issue(passage, turn);
    }
    passage.opens = false;
    passage.reserve_failures = 0;
    passage.permission_id = passage.permission->id().text();
    turn.record(events(turn).permission_began(passage, turn.now().wall + settings_.permission_life));
    for (const auto& key : fresh) {
        passage.held.push_back({key, UsageState::reserved});
        turn.record(events(turn).order_place("order.reserved", passage, key, "none"));
        turn.usage({key, passage.id, UsageState::reserved});
    }
    enter(passage, Trigger::permission, turn);
    command(plan, &passage, turn);
}

void Lane::end_permission(Passage& passage, std::string_view cause, Turn& turn) {
    if (!passage.permission || passage.permission->ended()) {
        return;
    }
    passage.permission->end();
    passage.opens = false;
    turn.record(events(turn).permission_ended(passage, cause));
    passage.permission_basis = Object{};
    passage.changed = true;
}

/// The arm is up and the vehicle does not come, or has gone back: red, close by rule, hold.
void Lane::expire_permissions(Turn& turn) {
    for (const auto& one : passages_) {
        auto& passage = *one;
        if (passage.state() != PassageState::permitted || passage.place.on_arm) {
            continue;
        }
        const auto& place = passage.place;
        const bool gone =
            place.nowhere() && place.arrival_left && turn.instant() - *place.arrival_left >= settings_.gone_after;
        if (gone || turn.instant() >= passage.permission->until()) {
            withdraw_pending(passage.id, turn);
            end_permission(passage, gone ? "left" : "expired", turn);
            enter(passage, Trigger::wait, turn);
        }
    }
}

// ---- committed

void Lane::take(const Committed& committed, Turn& turn) {
    order_cursor_ = std::max(order_cursor_, committed.order_cursor);
    for (std::size_t i = 0; i < pending_.size();) {
        if (pending_[i].ticket == committed.ticket) {
            const auto pending = pending_[i];
            pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
            go(pending, committed.order_cursor, turn);
        } else {
            ++i;
        }
    }
}

}  // namespace portcullis::lane
