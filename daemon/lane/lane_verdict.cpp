// What was decided, and the permission that follows from it: commit before move (design.md 3).
#include <algorithm>
#include <utility>

#include "lane/fields.hpp"
#include "lane/lane.hpp"
#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

using namespace std::chrono_literals;

/// A verdict that waited longer than this for the arm is asked for again: validity moves with the clock.
constexpr auto verdict_keeps = 10s;
/// Nothing came of so many verdicts in a row, and nothing was new: asking once more does not help.
constexpr int most_tries = 5;
/// A vehicle that waits for something that no batch of orders announces is asked about this often.
constexpr auto ask_again_after = 5s;

/// Says the same as the one issued before, so that waiting for orders does not fill the journal.
bool alike(const Verdict& a, const Verdict& b) {
    return a.outcome == b.outcome && a.movement == b.movement && a.reasons == b.reasons && a.consents == b.consents &&
           a.claims == b.claims && a.plate_on_order == b.plate_on_order && a.zone == b.zone && a.methods == b.methods;
}

/// Decided by the same documents.
bool same_basis(const Verdict& a, const Verdict& b) {
    return a.order_cursor == b.order_cursor && a.ruleset_version == b.ruleset_version;
}

bool stricter(const Verdict& a, const Verdict& b) {
    return a.outcome > b.outcome;
}

/// A verdict that opens and cannot be acted on.
Verdict held(Verdict verdict, Reason why) {
    verdict.outcome = VerdictOutcome::hold;
    verdict.claims.clear();
    verdict.reasons.push_back(std::move(why));
    return verdict;
}

Verdict held(Verdict verdict, ReasonCode why) {
    return held(std::move(verdict),
                Reason{why, ReasonKind::storage, std::nullopt, std::nullopt, Tristate::unknown, VerdictOutcome::hold});
}

/// What the look-up said of the places that the verdict may claim; the ledger takes each claim's own out of them.
std::vector<Usage> places_of(const Verdict& verdict) {
    auto places = verdict.pass_places;
    for (const auto& order : verdict.orders) {
        places.insert(places.end(), order.usage.begin(), order.usage.end());
    }
    return places;
}

bool is_of(const UsageClaim& claim, const HeldPlace& held) {
    return held.key == claim.key && held.place == claim.place;
}

/// The first order that the verdict claims and of which others have all places.
Reason taken_by_others(const Verdict& verdict, const UsageLedger& ledger, const PassageId& passage) {
    Reason why{ReasonCode::order_reserved, ReasonKind::order, std::nullopt, std::nullopt, Tristate::yes,
               VerdictOutcome::hold};
    for (const auto& claim : verdict.claims) {
        const auto places = ledger.taken(claim.key, places_of(verdict));
        const auto others =
            std::count_if(places.begin(), places.end(), [&](const Usage& place) { return place.passage != passage; });
        if (others >= claim.uses) {
            why.authority = claim.key.authority;
            why.id = claim.key.order.text();
            break;
        }
    }
    return why;
}

/// A reason that time takes away: a failed look-up, a place that another lane may give back, a validity to come, a
/// document that is too old.
bool may_pass(const Reason& reason) {
    return reason.code == ReasonCode::lookup_failed || reason.code == ReasonCode::order_reserved ||
           reason.code == ReasonCode::order_not_yet_valid || reason.code == ReasonCode::clock_band ||
           reason.kind == ReasonKind::staleness;
}

Trigger trigger_of(Route route) {
    if (route == Route::divert) {
        return Trigger::divert;
    }
    return route == Route::turn_back ? Trigger::turn_back : Trigger::wait;
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
    const bool older = ready.verdict.order_cursor < order_cursor_;
    order_cursor_ = std::max(order_cursor_, ready.verdict.order_cursor);
    if (!older) {
        take_verdict(*passage, ready.verdict, turn);
    } else if (!ask_again(*passage, turn)) {
        // Orders came each time while it was asked. What older orders say may hold, and never opens.
        const bool opens = route_of(ready.verdict.outcome) == Route::open;
        take_verdict(*passage, opens ? held(ready.verdict, ReasonCode::orders_behind) : ready.verdict, turn);
    }
}

void Lane::take_verdict(Passage& passage, Verdict verdict, Turn& turn) {
    const bool measured = passage.issued && passage.issued->radiation != verdict.radiation;
    const std::string_view cause = measured ? "radiation" : "orders";
    if (passage.state() == PassageState::permitted || passage.state() == PassageState::passing) {
        supersede(passage, std::move(verdict), cause, turn);
        return;
    }
    if (passage.state() != PassageState::deciding && !passage.waits()) {
        return;
    }
    tell_repairs(passage, verdict.repairs, turn);
    tell_weight(passage, verdict.vehicle_tare, turn);
    const auto route = route_of(verdict.outcome);
    // One that opened and was not acted on was not issued: what counts is what the last one on record said.
    const bool same = passage.issued && alike(*passage.issued, verdict);
    const bool supersedes = passage.issued && stricter(verdict, *passage.issued);
    const bool told = same && (route != Route::open || same_basis(*passage.issued, verdict));
    passage.verdict = std::move(verdict);
    passage.verdict_at = turn.instant();
    passage.times.verdict = turn.instant();
    passage.opens = route == Route::open;
    passage.verdict_told = told;
    if (supersedes) {
        issue_stricter(passage, cause, turn);
    }
    if (!passage.opens) {
        tell(passage, turn);
        ask_later(passage, turn);
    }
}

void Lane::ask_later(Passage& passage, const Turn& turn) {
    const auto& reasons = passage.verdict->reasons;
    if (std::any_of(reasons.begin(), reasons.end(), may_pass)) {
        passage.ask_again_at = turn.instant() + ask_again_after;
    }
}

/// Nothing came of its verdict, and nothing is new: asks once more, unless it did so too often.
bool Lane::ask_again(Passage& passage, Turn& turn) {
    if (passage.tries >= most_tries) {
        return false;
    }
    ++passage.tries;
    put_question(passage, turn);
    return true;
}

/// It was permitted, and nothing went out: the permission ends, and it is decided again, or waits.
void Lane::decide_again(Passage& passage, std::string_view cause, Turn& turn) {
    if (ask_again(passage, turn)) {
        end_permission(passage, cause, turn);
        enter(passage, Trigger::decide_again, turn);
    } else if (passage.verdict->order_cursor < order_cursor_) {
        take_verdict(passage, held(*passage.verdict, ReasonCode::orders_behind), turn);
    } else {
        end_permission(passage, cause, turn);
        enter(passage, Trigger::wait, turn);
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
    if (passage.verdict->ruleset_version > 0) {
        // Every box, drawn or not: a draw that was left out must be as easy to see as one that was changed.
        for (const auto& box : passage.verdict->boxes) {
            if (box.container) {
                turn.record(events(turn).sampling_judged(passage, box, token));
            }
        }
    }
    passage.verdict_sequence = token;
    passage.verdict_told = true;
    passage.issued = passage.verdict;
    passage.coverage = coverage_of(*passage.verdict, passage.load.fullness);
    passage.changed = true;
}

/// Issues a verdict that is stricter than the one issued before, and says so.
void Lane::issue_stricter(Passage& passage, std::string_view cause, Turn& turn) {
    const auto old = passage.verdict_sequence;
    issue(passage, turn);
    turn.record(events(turn).verdict_superseded(passage, old, cause, passage.verdict->outcome));
}

/// A stricter verdict than the one that opened is always recorded. Before the arm, if it does not open: red, close by
/// rule, hold. If it opens too, an arm that has not been moved yet goes up by a permission that rests on it.
void Lane::supersede(Passage& passage, Verdict verdict, std::string_view cause, Turn& turn) {
    if (!passage.issued) {
        // It went under the arm before it was decided about: what nobody waited for is on record all the same.
        passage.verdict = std::move(verdict);
        passage.times.verdict = turn.instant();
        issue(passage, turn);
        return;
    }
    if (!stricter(verdict, *passage.issued)) {
        return;
    }
    passage.verdict = std::move(verdict);
    passage.verdict_at = turn.instant();
    issue_stricter(passage, cause, turn);
    const auto route = route_of(passage.verdict->outcome);
    if (passage.state() != PassageState::permitted || (route == Route::open && !up_outstanding(passage.id))) {
        return;
    }
    end_permission(passage, "superseded", turn);
    passage.opens = route == Route::open;
    enter(passage, passage.opens ? Trigger::decide_again : trigger_of(route), turn);
    if (!passage.opens) {
        ask_later(passage, turn);
    }
}

/// Its arm-up is recorded and nobody has said yet what became of it.
bool Lane::up_outstanding(const PassageId& passage) const {
    const auto waits = [&](const auto& one) { return one.passage == passage; };
    return std::any_of(pending_.begin(), pending_.end(), waits) ||
           std::any_of(in_flight_.begin(), in_flight_.end(), waits);
}

// ---- permission

void Lane::release_head(Turn& turn) {
    auto* passage = head();
    if (passage == nullptr || !passage->opens || passage->asked ||
        (passage->state() != PassageState::deciding && !passage->waits())) {
        return;
    }
    const auto scene_now = scene(turn.instant());
    // Who is not seen before the arm has gone or is going: the arm would open for nobody, or for another.
    const bool seen = passage->place.on_arrival || passage->place.on_arm;
    if (!seen || !interlock_.allows_up(scene_now)) {
        if (!passage->verdict_told) {
            issue(*passage, turn);  // decided, and waits
        }
        return;
    }
    if (passage->verdict->order_cursor != order_cursor_ || turn.instant() - passage->verdict_at > verdict_keeps) {
        ask(*passage, turn);
        return;
    }
    std::vector<UsageClaim> fresh;
    if (!reserve(*passage, fresh)) {
        // Another lane was faster: the next answer says so.
        if (!ask_again(*passage, turn)) {
            take_verdict(*passage, held(*passage->verdict, taken_by_others(*passage->verdict, ledger_, passage->id)),
                         turn);
        }
        return;
    }
    passage->permission.emplace(PermissionId{ids_()}, turn.instant() + settings_.permission_life);
    const auto plan = interlock_.plan_up(next_command(), *passage->permission, scene_now, turn.instant());
    permit(*passage, plan.value(), fresh, turn);
}

/// Takes every place that the verdict claims, or none. `fresh` = those that it did not hold before.
bool Lane::reserve(Passage& passage, std::vector<UsageClaim>& fresh) {
    for (const auto& claim : passage.verdict->claims) {
        const auto own = std::find_if(passage.held.begin(), passage.held.end(),
                                      [&](const HeldPlace& held) { return is_of(claim, held); });
        if (own != passage.held.end() && own->state == UsageState::reserved) {
            continue;
        }
        if (own != passage.held.end() || !ledger_.reserve(claim, places_of(*passage.verdict), passage.id)) {
            for (const auto& taken : fresh) {
                ledger_.give_back(taken.key, passage.id, taken.place);
            }
            fresh.clear();
            return false;
        }
        fresh.push_back(claim);
    }
    return true;
}

void Lane::permit(Passage& passage, const ArmPlan& plan, const std::vector<UsageClaim>& fresh, Turn& turn) {
    if (!passage.verdict_told) {
        issue(passage, turn);
    }
    passage.opens = false;
    passage.permission_id = passage.permission->id().text();
    turn.record(events(turn).permission_began(passage, turn.now().wall + settings_.permission_life));
    for (const auto& claim : fresh) {
        passage.held.push_back({claim.key, UsageState::reserved, claim.place});
        turn.record(events(turn).order_place("order.reserved", passage, passage.held.back(), "none"));
        turn.usage({claim.key, passage.id, UsageState::reserved, claim.place});
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
    withdraw_of(passage, turn);
    turn.record(events(turn).permission_ended(passage, cause));
    passage.permission_basis = Object{};
    passage.changed = true;
}

/// The vehicle does not come, has gone back, or stands before an arm that did not open: red, close by rule, hold.
void Lane::expire_permissions(Turn& turn) {
    for (const auto& one : passages_) {
        auto& passage = *one;
        if (passage.state() != PassageState::permitted) {
            continue;
        }
        const auto& place = passage.place;
        const bool gone =
            place.nowhere() && place.arrival_left && turn.instant() - *place.arrival_left >= settings_.gone_after;
        if (gone || turn.instant() >= passage.permission->until()) {
            end_permission(passage, gone ? "left" : "expired", turn);
            enter(passage, Trigger::wait, turn);
        }
    }
}

// ---- committed

void Lane::take(const Committed& committed, Turn& turn) {
    order_cursor_ = std::max(order_cursor_, committed.order_cursor);
    const auto durable = [&] {
        return std::find_if(pending_.begin(), pending_.end(),
                            [&](const PendingArm& one) { return one.ticket == committed.ticket; });
    };
    // Looked for anew each time: what goes out, or does not, may take others back.
    for (auto found = durable(); found != pending_.end(); found = durable()) {
        const auto pending = *found;
        pending_.erase(found);
        go(pending, turn);
    }
}

}  // namespace portcullis::lane
