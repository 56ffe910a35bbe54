// Arbitration: every observation of a loop or beam goes to exactly one passage, by place and order (design.md 3).
#include <algorithm>
#include <utility>

#include "lane/lane.hpp"

namespace portcullis::lane {

Passage* Lane::begin_passage(Origin origin, Role by, Turn& turn) {
    const auto& device = devices_[static_cast<std::size_t>(by)];
    if (passages_.size() >= most_passages) {
        turn.record(events(turn).unassigned("edge", device, by, passages_));
        return nullptr;
    }
    end_pictures(turn);
    auto fresh = std::make_unique<Passage>(PassageId{ids_()}, origin, by, turn.instant());
    auto* passage = fresh.get();
    passage->place.began_behind = somebody_under();
    // Against the way it comes from the front; all others join behind.
    const bool from_front = origin == Origin::wrong_way;
    if (!passages_.empty()) {
        passage->rank = from_front ? passages_.front()->rank - 1 : passages_.back()->rank + 1;
    }
    passages_.insert(from_front ? passages_.begin() : passages_.end(), std::move(fresh));
    if (by == Role::arrival_loop) {
        radiation_arrived(*passage, turn);
        claim_transits(*passage, turn.instant());
    }
    turn.record(events(turn).detected(*passage, from_front ? 1 : static_cast<std::int64_t>(passages_.size())));
    if (origin == Origin::wrong_way) {
        const auto certainty = passages_.size() > 1 ? Certainty::uncertain : Certainty::sure;
        const auto* other = passages_.size() > 1 ? passages_[1].get() : nullptr;
        turn.record(events(turn).irregular(*passage, {"passage.wrong_way", other, "none", certainty, "before_arm"}));
    }
    if (by == Role::arrival_loop) {
        take_early_readings(*passage, turn);
    }
    return passage;
}

bool Lane::somebody_under() const {
    return std::any_of(passages_.begin(), passages_.end(), [](const auto& one) { return one->place.on_arm; });
}

/// First of those that have not been under the arm.
Passage* Lane::approaching() const {
    for (const auto& passage : passages_) {
        if (!passage->place.arm_seen && passage->origin != Origin::wrong_way) {
            return passage.get();
        }
    }
    return nullptr;
}

/// Last of those that are or were at the arm: the one that may still be there.
Passage* Lane::last_at_arm() const {
    for (auto one = passages_.rbegin(); one != passages_.rend(); ++one) {
        if ((*one)->place.arm_seen || (*one)->place.on_arm) {
            return one->get();
        }
    }
    return nullptr;
}

void Lane::arrival_rose(Turn& turn) {
    auto* back = passages_.empty() ? nullptr : passages_.back().get();
    if (back != nullptr) {
        auto& place = back->place;
        // Between axles a loop lets go of a trailer: the same vehicle, as long as it has not reached the arm.
        const bool let_go = place.arrival_left && turn.instant() - *place.arrival_left < settings_.hold;
        const bool against = back->origin == Origin::wrong_way && place.arm_seen;
        if (place.on_arrival || (let_go && !place.arm_seen) || against) {
            place.on_arrival = true;
            place.last_seen = turn.instant();
            return;
        }
    }
    // Who was permitted is between the loops, or has gone and this is another: nobody drives on its permission.
    for (const auto& one : passages_) {
        if (one->state() == PassageState::permitted && one->place.nowhere()) {
            end_permission(*one, "uncertain", turn);
            enter(*one, Trigger::wait, turn);
        }
    }
    if (auto* passage = begin_passage(Origin::arrival, Role::arrival_loop, turn)) {
        passage->place.on_arrival = true;
    }
}

void Lane::arrival_fell(Turn& turn) {
    for (auto one = passages_.rbegin(); one != passages_.rend(); ++one) {
        auto& place = (*one)->place;
        if (place.on_arrival) {
            place.on_arrival = false;
            place.left_behind = somebody_under() && !place.on_arm;
            place.arrival_left = turn.instant();
            place.last_seen = turn.instant();
            return;
        }
    }
}

void Lane::arm_rose(Turn& turn) {
    auto* last = last_at_arm();
    auto* next = approaching();
    if (last != nullptr) {
        auto& place = last->place;
        const bool past = place.exit_seen && !place.on_exit;
        const bool let_go = place.arm_left && turn.instant() - *place.arm_left < settings_.hold;
        if (place.on_arm || (!past && (let_go || next == nullptr))) {
            place.on_arm = true;
            place.went_back = false;
            place.arm_again = place.exit_seen;
            place.last_seen = turn.instant();
            return;
        }
    }
    auto* const first = head();
    const bool against =
        first != nullptr && first->origin == Origin::wrong_way && first->place.exit_seen && !first->place.arm_seen;
    if (against && (next == nullptr || !next->permitted())) {
        reach_arm(*first, turn);
        return;
    }
    if (next != nullptr) {
        reach_arm(*next, turn);
        return;
    }
    // Somebody is under the arm whom the arrival loop has not seen: behind one that just went through, or from inside.
    const auto origin = last != nullptr ? Origin::tailgate : Origin::wrong_way;
    if (auto* passage = begin_passage(origin, inputs_.arm_sensor(), turn)) {
        reach_arm(*passage, turn);
    }
}

void Lane::reach_arm(Passage& passage, Turn& turn) {
    end_pictures(turn);
    passage.place.on_arm = true;
    passage.place.went_back = false;
    passage.place.last_seen = turn.instant();
    passage.changed = true;
    if (arm_.position() != ArmPosition::down) {
        go_under(passage, turn);
    }
}

void Lane::go_under(Passage& passage, Turn& turn) {
    const bool allowed = passage.permitted() && passage.state() == PassageState::permitted;
    enter(passage, Trigger::under_arm, turn);
    if (!passage.place.arm_seen) {
        drove_on_at_ = turn.instant();
    }
    passage.place.arm_seen = true;
    if (allowed) {
        passage.vehicles = 1;
        return;
    }
    if (passage.origin == Origin::wrong_way) {
        return;  // told when it was detected
    }
    const Passage* other = nullptr;
    for (const auto& one : passages_) {
        if (one.get() != &passage && one->vehicles > 0) {
            other = one.get();
        }
    }
    const auto certainty = passage.origin == Origin::tailgate ? Certainty::uncertain : Certainty::sure;
    const auto permission = other == nullptr ? Value{"none"} : other->permission_id;
    turn.record(events(turn).irregular(passage, {"passage.tailgate", other, permission, certainty, "under"}));
}

void Lane::arm_fell(Turn& turn) {
    for (const auto& passage : passages_) {
        auto& place = passage->place;
        if (place.on_arm) {
            place.on_arm = false;
            place.arm_left = turn.instant();
            place.last_seen = turn.instant();
            const bool off_exit = !place.exit_seen || (!place.on_exit && !place.exit_left);
            place.went_back = place.on_arrival && off_exit && passage->origin != Origin::wrong_way;
        }
    }
}

void Lane::exit_rose(Turn& turn) {
    // The last at the arm comes out next; one that is past and rolls between axles is told apart by nobody behind it.
    auto* passage = last_at_arm();
    for (const auto& one : passages_) {
        if (one->place.arm_seen && !one->place.exit_seen) {
            passage = one.get();
            break;
        }
    }
    if (passage == nullptr && head() != nullptr && head()->origin == Origin::wrong_way) {
        passage = head();
    }
    if (passage == nullptr) {
        // The arm has not seen it. Nobody can exclude that it is one of those that were allowed to pass.
        for (const auto& one : passages_) {
            one->blind = one->blind || !one->held.empty();
        }
        passage = begin_passage(Origin::wrong_way, Role::exit_loop, turn);
    }
    if (passage == nullptr) {
        return;
    }
    passage->place.on_exit = true;
    passage->place.exit_seen = true;
    passage->place.went_back = false;
    passage->place.last_seen = turn.instant();
    passage->changed = true;
}

void Lane::exit_fell(Turn& turn) {
    const auto found =
        std::find_if(passages_.begin(), passages_.end(), [](const auto& one) { return one->place.on_exit; });
    if (found == passages_.end()) {
        return;
    }
    auto& passage = **found;
    auto& place = passage.place;
    place.on_exit = false;
    place.exit_left = turn.instant();
    place.last_seen = turn.instant();
    if (!place.on_arm || passage.origin == Origin::wrong_way) {
        return;
    }
    // Its end has left the exit while the arm still sees a vehicle: that is another one, if one came behind or the arm
    // let go in between; else it rolls back.
    auto* next = approaching();
    if (next == nullptr && place.arm_again) {
        next = begin_passage(Origin::tailgate, inputs_.arm_sensor(), turn);
    }
    if (next != nullptr) {
        place.on_arm = false;
        place.arm_left = turn.instant();
        reach_arm(*next, turn);
        return;
    }
    place.exit_left.reset();  // it has not left by the front
}

void Lane::watch_places(Turn& turn) {
    for (const auto& passage : passages_) {
        watch_place(*passage, turn);
    }
}

void Lane::watch_place(Passage& passage, Turn& turn) {
    const auto& place = passage.place;
    const bool arm_free = inputs_.clear_for(settings_.hold, turn.instant());
    if (place.on_arm && passage.state() != PassageState::passing && arm_.position() != ArmPosition::down) {
        go_under(passage, turn);
        return;
    }
    // Back from under the arm and standing before it: what it was allowed is over.
    if (passage.state() == PassageState::passing && place.went_back && arm_free) {
        end_permission(passage, "backed_out", turn);
        passage.reading_since = passage.identity ? passage.reading_since : std::nullopt;
        enter(passage, passage.identity ? Trigger::back_behind_arm : Trigger::read_again, turn);
        passage.place.arm_seen = false;
        passage.place.was_under = true;
    }
}

}  // namespace portcullis::lane
