// How passages end: by the front, by the back, or because nobody sees them any more (design.md 3).
#include <algorithm>
#include <string_view>
#include <utility>

#include "lane/lane.hpp"
#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

/// What leaving before the arm means after what the vehicle was told.
PassageOutcome outcome_before_arm(const Passage& passage) {
    switch (passage.state()) {
        case PassageState::refused:
            return PassageOutcome::turned_away;
        case PassageState::diverted:
            return PassageOutcome::diverted;
        case PassageState::arriving:
        case PassageState::identifying:
        case PassageState::deciding:
        case PassageState::permitted:
        case PassageState::referred:
        case PassageState::passing:
        case PassageState::ended:
            return PassageOutcome::backed_out;
    }
    return PassageOutcome::backed_out;
}

bool holds_places(const Passage& passage) {
    return std::any_of(passage.held.begin(), passage.held.end(),
                       [](const HeldPlace& held) { return held.state == UsageState::reserved; });
}

}  // namespace

void Lane::end_departed(Turn& turn) {
    for (std::size_t i = 0; i < passages_.size();) {
        const auto outcome = departed(*passages_[i], turn.instant());
        if (outcome) {
            end_passage(i, *outcome, turn);
        } else {
            ++i;
        }
    }
}

std::optional<PassageOutcome> Lane::departed(const Passage& passage, Instant now) const {
    if (const auto outcome = left_by_the_front(passage, now)) {
        return outcome;
    }
    if (!passage.place.nowhere()) {
        return std::nullopt;
    }
    if (const auto outcome = left_by_the_back(passage, now)) {
        return outcome;
    }
    if (now - passage.place.last_seen >= settings_.abandon_after) {
        return PassageOutcome::abandoned;
    }
    return std::nullopt;
}

/// Cleared = arm and exit seen, under-arm clear, exit loop fallen.
std::optional<PassageOutcome> Lane::left_by_the_front(const Passage& passage, Instant now) const {
    const auto& place = passage.place;
    if (!place.exit_left || place.on_exit || place.on_arm || now - *place.exit_left < settings_.hold) {
        return std::nullopt;
    }
    if (passage.origin == Origin::wrong_way || !place.arm_seen) {
        // Turned round, also under a forced arm; or it was past the exit first, and leaves by the back.
        const bool went_on = place.arm_left && *place.arm_left > *place.exit_left;
        return went_on ? std::nullopt : std::optional{PassageOutcome::turned_away};
    }
    const bool another_under = std::any_of(passages_.begin(), passages_.end(),
                                           [&](const auto& one) { return one.get() != &passage && one->place.on_arm; });
    if (!another_under && !inputs_.clear_for(settings_.hold, now)) {
        return std::nullopt;
    }
    return PassageOutcome::cleared;
}

std::optional<PassageOutcome> Lane::left_by_the_back(const Passage& passage, Instant now) const {
    const auto& place = passage.place;
    if (!place.arrival_left) {
        return std::nullopt;
    }
    if (passage.origin == Origin::wrong_way) {
        const bool through =
            place.arm_left && *place.arrival_left > *place.arm_left && now - *place.arrival_left >= settings_.hold;
        return through ? std::optional{PassageOutcome::cleared} : std::nullopt;
    }
    if (place.began_behind && place.left_behind && passage.state() == PassageState::arriving) {
        // Seen only while another was under the arm: that one's own axles, if it left nobody behind.
        const bool alone = std::none_of(passages_.begin(), passages_.end(),
                                        [](const auto& one) { return one->state() == PassageState::passing; });
        const bool merged = alone && now - *place.arrival_left >= settings_.hold;
        return merged ? std::optional{PassageOutcome::merged} : std::nullopt;
    }
    const bool returned = place.went_back && place.arm_left && *place.arrival_left > *place.arm_left;
    const auto wait = returned ? settings_.hold : settings_.gone_after;
    if ((place.arm_seen && !returned) || now - *place.arrival_left < wait) {
        return std::nullopt;
    }
    // An order goes back only on proof, and the closed arm is part of it: wait for it, but not for ever.
    const bool closing = now - *place.arrival_left < settings_.gone_after + 2 * settings_.arm.down_within;
    if (holds_places(passage) && closing && !went_back_on_proof(passage, now)) {
        return std::nullopt;
    }
    return outcome_before_arm(passage);
}

/// The arm's closed limit and the arrival-side sequence prove that the vehicle is not past (design.md 3, usage).
bool Lane::went_back_on_proof(const Passage& passage, Instant now) const {
    const auto& place = passage.place;
    const bool closed = arm_.position() == ArmPosition::down && inputs_.settled(Role::arm_closed_limit) &&
                        inputs_.settled(Role::arm_open_limit);
    return !passage.blind && !place.exit_seen && place.nowhere() && (!place.arm_seen || place.went_back) && closed &&
           inputs_.clear_for(settings_.hold, now);
}

void Lane::end_passage(std::size_t index, PassageOutcome outcome, Turn& turn) {
    auto& passage = *passages_[index];
    const bool another_behind = passage.place.on_arrival && mode_ == LaneMode::automatic;
    if (outcome == PassageOutcome::cleared) {
        passage.times.cleared = turn.instant();
    }
    close_soon(turn);
    end_permission(passage, text_of(outcome), turn);
    settle_usage(passage, outcome, turn);
    if (outcome == PassageOutcome::backed_out || (outcome == PassageOutcome::turned_away && passage.place.was_under)) {
        const auto certainty =
            passage.place.was_under || passage.place.went_back ? Certainty::sure : Certainty::uncertain;
        const std::string_view phase = passage.place.was_under ? "under" : "before_arm";
        turn.record(
            events(turn).irregular(passage, {"passage.backed_out", nullptr, passage.permission_id, certainty, phase}));
    }
    enter(passage, Trigger::left, turn);
    tell_no_pictures(passage, turn);
    tell_weight(passage, {}, turn);
    if (passage.place.arrival_left && outcome != PassageOutcome::cleared) {
        radiation_.left_by_the_back(passage.id, *passage.place.arrival_left);
    }
    turn.record(events(turn).ended(passage, outcome));
    turn.forget(passage_key(passage.id));
    passages_.erase(passages_.begin() + static_cast<std::ptrdiff_t>(index));
    if (another_behind) {
        // The arrival loop never let go, so the one behind came up without a gap; it has had no passage until now.
        if (auto* next = begin_passage(Origin::arrival, Role::arrival_loop, turn)) {
            next->place.on_arrival = true;
        }
    }
}

void Lane::settle_usage(Passage& passage, PassageOutcome outcome, Turn& turn) {
    const bool proved = outcome != PassageOutcome::cleared && went_back_on_proof(passage, turn.instant());
    for (auto& held : passage.held) {
        if (held.state != UsageState::reserved) {
            continue;
        }
        if (proved) {
            held.state = UsageState::free;
            ledger_.give_back(held.key, passage.id, held.place);
            turn.record(events(turn).order_place("order.returned", passage, held, "backed_proof"));
        } else {
            held.state = UsageState::used;
            ledger_.use(held.key, passage.id, held.place);
            const auto evidence = outcome == PassageOutcome::cleared ? "exit_sequence" : "cannot_exclude";
            turn.record(events(turn).order_place("order.used", passage, held, evidence));
        }
        turn.usage({held.key, passage.id, held.state, held.place});
    }
}

}  // namespace portcullis::lane
