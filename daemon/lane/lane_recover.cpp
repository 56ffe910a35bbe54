// What nobody watched: a restart, a journal that could not write, inputs that were unknown (design.md 3).
#include <algorithm>
#include <utility>

#include "lane/lane.hpp"
#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

/// A vehicle that stood at the stop line so shortly before is the one that stands there now.
constexpr std::chrono::seconds same_vehicle{2};
/// A contact that chatters while nobody watches is told of so often, each time with how often it rose.
constexpr std::chrono::seconds tell_again{60};

bool may_have_passed(const Passage& passage) {
    return passage.place.arm_seen || !passage.held.empty() || passage.permitted();
}

}  // namespace

void Lane::recall(const std::vector<Memory>& memory) {
    for (const auto& note : memory) {
        if (is_command(note)) {
            unanswered_.push_back(note);
        } else if (const auto latch = latch_of(note)) {
            radiation_latch_ = RadiationLatch{latch->level, latch->unowned};
        } else if (auto passage = passage_of(note, home_.boot, last_turn_)) {
            for (const auto& held : passage->held) {
                if (held.state == UsageState::reserved) {
                    ledger_.restore(held.key, passage->id, held.place);
                }
            }
            passages_.push_back(std::move(passage));
        }
    }
    std::stable_sort(passages_.begin(), passages_.end(),
                     [](const auto& a, const auto& b) { return a->rank < b->rank; });
}

void Lane::change_mode(LaneMode to, std::string_view cause, Turn& turn) {
    const auto from = std::exchange(mode_, to);
    turn.record(events(turn).mode_changed(from, cause));
}

/// From now on nobody can say what happens in the lane: nothing opens, permissions end, red.
void Lane::lose(std::string_view cause, Turn& turn) {
    if (mode_ != LaneMode::automatic) {
        return;
    }
    lost_at_ = turn.instant();
    end_pictures(turn);
    withdraw_all(turn);
    for (const auto& passage : passages_) {
        passage->blind = passage->blind || may_have_passed(*passage);
        end_permission(*passage, cause, turn);
        if (passage->state() == PassageState::permitted) {
            enter(*passage, Trigger::wait, turn);
        }
        passage->asked = false;
        passage->opens = false;
    }
    change_mode(LaneMode::out_of_service, cause, turn);
}

/// While the lane is not automatic a rise belongs to nobody yet: if it is still up when the lane goes on, to the
/// passage that is found there then; if it ended before, it is unassigned. While nothing can be recorded,
/// `journal.outage` says what was detected.
void Lane::see_unwatched(Role role, Edge edge, Turn& turn) {
    auto& input = unwatched_[static_cast<std::size_t>(role)];
    const bool senses = std::find(presence_inputs.begin(), presence_inputs.end(), role) != presence_inputs.end();
    if (!senses || edge == Edge::none) {
        return;
    }
    const bool ended = std::exchange(input.up, edge == Edge::rose && journal_up_);
    if (!ended) {
        return;
    }
    ++input.edges;
    if (journal_up_ && (!input.told || turn.instant() - *input.told >= tell_again)) {
        tell_unwatched(role, turn);
    }
}

void Lane::tell_unwatched(Role role, Turn& turn) {
    auto& input = unwatched_[static_cast<std::size_t>(role)];
    if (input.edges > 0) {
        const auto& device = devices_[static_cast<std::size_t>(role)];
        turn.record(events(turn).unassigned("edge", device, role, passages_, std::exchange(input.edges, 0)));
        input.told = turn.instant();
    }
}

void Lane::try_recover(Turn& turn) {
    if (!journal_up_ || inputs_.any_unknown() || !inputs_.all_settled()) {
        return;
    }
    for (const auto role : presence_inputs) {
        tell_unwatched(role, turn);
        unwatched_[static_cast<std::size_t>(role)].up = false;
    }
    resolve(turn);
    change_mode(LaneMode::automatic, started_ ? "recovered" : "started", turn);
    started_ = true;
    lost_at_.reset();
    interlock_.motion_seen();  // nobody knows what the arm did meanwhile
    close_soon(turn);
}

/// Lane clear: what was open ended `interrupted`. Something there: the same passage goes on, without its permission.
void Lane::resolve(Turn& turn) {
    auto* const first = head();
    const bool first_was_long = first != nullptr && first->place.on_arrival;
    for (const auto& passage : passages_) {
        auto& place = passage->place;
        place.on_arrival = place.on_arm = place.on_exit = false;
        place.went_back = false;
    }
    const auto* front = resolve_front(turn);
    const auto* back = resolve_back(front, first_was_long, turn);
    for (std::size_t i = 0; i < passages_.size();) {
        if (passages_[i].get() == front || passages_[i].get() == back) {
            ++i;
        } else {
            end_passage(i, PassageOutcome::interrupted, turn);
        }
    }
}

/// Who is at the arm or beyond.
Passage* Lane::resolve_front(Turn& turn) {
    const bool arm = inputs_.under_arm() == Presence::occupied;
    const bool exit = inputs_.on(Role::exit_loop);
    if (!arm && !exit) {
        return nullptr;
    }
    auto* passage = head();
    if (passage == nullptr) {
        passage = begin_passage(started_ ? Origin::detected_late : Origin::restart,
                                arm ? inputs_.arm_sensor() : Role::exit_loop, turn);
    }
    auto& place = passage->place;
    place.on_arm = arm;
    place.on_exit = exit;
    place.exit_seen = place.exit_seen || exit;
    place.last_seen = turn.instant();
    if (exit || arm_.position() != ArmPosition::down) {
        place.arm_seen = true;
        if (passage->state() != PassageState::passing) {
            enter(*passage, Trigger::under_arm, turn);
        }
    } else if (passage->state() != PassageState::passing) {
        resume(*passage, turn);
    }
    passage->changed = true;
    return passage;
}

/// Who stands at the arrival loop.
Passage* Lane::resolve_back(const Passage* front, bool front_was_long, Turn& turn) {
    if (!inputs_.on(Role::arrival_loop)) {
        return nullptr;
    }
    auto* passage = passages_.empty() ? nullptr : passages_.back().get();
    if (passage != nullptr && passage == front && !front_was_long && passage->state() == PassageState::passing) {
        passage = nullptr;  // the one under the arm was past the arrival loop: another came
    }
    if (passage != nullptr && passage != front && passage->place.arm_seen) {
        passage = nullptr;  // it was under the arm before and is not now: another came
    }
    if (passage == nullptr) {
        passage = begin_passage(started_ ? Origin::detected_late : Origin::restart, Role::arrival_loop, turn);
    } else if (passage != front) {
        resume(*passage, turn);
    }
    if (passage != nullptr) {
        passage->place.on_arrival = true;
        passage->place.arrival_left.reset();
        passage->place.last_seen = turn.instant();
    }
    return passage;
}

/// The same passage goes on. Who it is is read again, unless nobody looked away for longer than a blink.
void Lane::resume(Passage& passage, Turn& turn) {
    const bool blink = lost_at_ && turn.instant() - *lost_at_ < same_vehicle;
    if (!blink) {
        passage.readings = IdentityFusion{};
        passage.repairs.clear();
        passage.contradictions.clear();
        passage.unread.clear();
    }
    passage.reading_since.reset();
    passage.load_told = false;
    passage.weighing.reset();
    passage.weight_told = false;
    if (passage.state() != PassageState::arriving) {
        enter(passage, Trigger::read_again, turn);
    }
}

}  // namespace portcullis::lane
