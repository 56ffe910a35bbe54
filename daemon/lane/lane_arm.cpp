// The arm and the lights: what the limits say, what the Interlock allows, what became of it (design.md 3, arm).
#include <algorithm>
#include <utility>

#include "lane/lane.hpp"
#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

/// A close that does not go out is asked for at least this often.
constexpr std::chrono::minutes longest_close_pause{1};

}  // namespace

ArmScene Lane::scene(Instant now) const {
    ArmScene scene;
    scene.position = arm_.position();
    scene.limits_settled = inputs_.settled(Role::arm_open_limit) && inputs_.settled(Role::arm_closed_limit);
    scene.presence = inputs_.under_arm();
    scene.clear_for_hold = inputs_.clear_for(settings_.hold, now);
    scene.in_service = mode_ == LaneMode::automatic && journal_up_;
    scene.busy = arm_.busy() || !pending_.empty() || !in_flight_.empty();
    scene.lowering = arm_.lowering(now);
    scene.may_stop = journal_up_ && (mode_ == LaneMode::automatic || mode_ == LaneMode::out_of_service);
    return scene;
}

// ---- what the arm does

void Lane::see_limits(Turn& turn) {
    const bool lowered = arm_.lowering(turn.instant());
    const auto news = arm_.see(inputs_.level(Role::arm_open_limit), inputs_.level(Role::arm_closed_limit),
                               inputs_.under_arm(), turn.instant());
    tell_arm(news, turn);
    if (!lowered && arm_.lowering(turn.instant()) && inputs_.under_arm() != Presence::clear) {
        obstruct(turn);
    }
}

void Lane::tell_arm(const ArmNews& news, Turn& turn) {
    if (news.motion) {
        interlock_.motion_seen();
        close_soon(turn);
    }
    auto* first = head();
    for (const auto& fault : news.faults) {
        turn.record(events(turn).arm_fault(fault, first));
    }
    if (news.moved) {
        turn.record(events(turn).arm_moved(*news.moved, first, inputs_.under_arm()));
        if (news.moved->to == ArmTarget::up && first != nullptr && first->permitted()) {
            first->times.arm_open = turn.instant();
        }
    }
}

void Lane::watch_arm(Turn& turn) {
    tell_arm(arm_.tick(turn.instant()), turn);
    for (std::size_t i = 0; i < in_flight_.size();) {
        if (turn.instant() < in_flight_[i].answer_by) {
            ++i;
            continue;
        }
        // Its device never said: whether it acted is unknown, and it is not repeated.
        const auto flight = in_flight_[i];
        in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(i));
        CommandResult result;
        result.id = flight.id;
        result.cause = "no answer";
        arm_answered(flight, result, turn);
    }
}

// ---- what the arm is asked

/// Records the command; it goes out when the record is durable.
void Lane::command(const ArmPlan& plan, const Passage* passage, Turn& turn) {
    const auto token = next_token();
    turn.record(events(turn).arm_commanded(plan, passage, scene(turn.instant()), token));
    turn.remember(command_key(plan.id()), command_note(token, passage_value(passage)));
    pending_.push_back({turn.ticket(), plan, token, passage == nullptr ? std::nullopt : std::optional{passage->id}});
}

/// The record is durable: cursor, latches, limits and presence are looked at again, and only then does it go.
void Lane::go(const PendingArm& pending, Turn& turn) {
    auto* passage = pending.passage ? find(*pending.passage) : nullptr;
    const bool up = pending.plan.command() == ArmCommand::up;
    if (up && passage != nullptr && passage->permission && pending.plan.permission() == passage->permission->id()) {
        passage->permission->commit();
    }
    if (!still_wanted(pending, turn)) {
        not_gone(pending, Refusal::no_permission, turn);
        return;
    }
    auto scene_now = scene(turn.instant());
    scene_now.busy = arm_.busy() || !in_flight_.empty();
    const auto* permission = passage != nullptr && passage->permission ? &*passage->permission : nullptr;
    const auto order = interlock_.confirm(pending.plan, permission, scene_now, turn.instant());
    if (!order) {
        not_gone(pending, order.error(), turn);
        if (up && passage != nullptr && passage->state() == PassageState::permitted) {
            decide_again(*passage, text_of(order.error()), turn);
        }
        return;
    }
    arm_.commanded(pending.plan.command(), pending.plan.permission(), turn.instant());
    in_flight_.push_back({pending.plan.id(), pending.plan.command(), order->command().output, pending.commanded,
                          pending.passage, pending.plan.not_after() + settings_.command_life, false, std::nullopt});
    turn.perform(*order);
}

/// Nothing has become stricter since the plan.
bool Lane::still_wanted(const PendingArm& pending, Turn& turn) {
    if (pending.plan.command() != ArmCommand::up) {
        return true;
    }
    auto* passage = pending.passage ? find(*pending.passage) : nullptr;
    if (passage == nullptr || passage->state() != PassageState::permitted || !passage->permitted()) {
        return false;
    }
    if (passage == head() && !passage->place.nowhere() && !passage->asked &&
        passage->verdict->order_cursor >= order_cursor_) {
        return true;
    }
    decide_again(*passage, "decide_again", turn);
    return false;
}

void Lane::not_gone(const PendingArm& pending, Refusal refusal, Turn& turn) {
    CommandResult result;
    result.id = pending.plan.id();
    result.write = refusal == Refusal::expired ? WriteOutcome::expired : WriteOutcome::withdrawn;
    result.cause = text_of(refusal);
    close_later(pending.plan.command(), turn);
    const auto passage = pending.passage ? Value{pending.passage->text()} : Value{"none"};
    turn.record(events(turn).arm_result(pending.commanded, passage, result));
    turn.forget(command_key(pending.plan.id()));
}

void Lane::take(const CommandEnded& ended, Turn& turn) {
    if (const auto seen = lights_.ended(ended.result, turn.instant())) {
        turn.record(events(turn).light(*seen, head()));
        return;
    }
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [&](const InFlight& one) { return one.id == ended.result.id; });
    if (found == in_flight_.end()) {
        return;
    }
    if (!journal_up_) {
        found->answer = ended.result;  // recorded when the journal writes again
        return;
    }
    const auto flight = *found;
    in_flight_.erase(found);
    arm_answered(flight, ended.result, turn);
}

/// The journal writes again: answers that came meanwhile, and what the lights show.
void Lane::tell_kept(Turn& turn) {
    const auto flights = std::exchange(in_flight_, {});
    for (const auto& flight : flights) {
        if (flight.answer) {
            arm_answered(flight, *flight.answer, turn);
        } else {
            in_flight_.push_back(flight);
        }
    }
    for (const auto& seen : lights_.told()) {
        turn.record(events(turn).light(seen, head()));
    }
}

void Lane::arm_answered(const InFlight& flight, const CommandResult& result, Turn& turn) {
    const auto passage_id = flight.passage ? Value{flight.passage->text()} : Value{"none"};
    turn.record(events(turn).arm_result(flight.commanded, passage_id, result));
    turn.forget(command_key(flight.id));
    if (result.write == WriteOutcome::done || result.write == WriteOutcome::unknown) {
        return;  // it may have acted: the limits tell
    }
    if (flight.command == ArmCommand::stop) {
        return;
    }
    tell_arm(arm_.not_commanded(), turn);
    if (result.write != WriteOutcome::failed) {
        interlock_.not_written();
    }
    close_later(flight.command, turn);
    auto* passage = flight.passage ? find(*flight.passage) : nullptr;
    if (flight.command != ArmCommand::up || passage == nullptr || passage->state() != PassageState::permitted) {
        return;
    }
    if (result.write == WriteOutcome::expired && mode_ == LaneMode::automatic) {
        decide_again(*passage, text_of(result.write), turn);
    } else {
        end_permission(*passage, text_of(result.write), turn);
        enter(*passage, Trigger::wait, turn);
    }
}

/// Nobody is permitted, or on the way through; what went quiet between arm and exit does not hold the arm for ever.
bool Lane::may_close(Instant now) const {
    return std::all_of(passages_.begin(), passages_.end(), [&](const auto& one) {
        switch (one->state()) {
            case PassageState::permitted:
                return false;
            case PassageState::passing:
                return one->place.nowhere() && now - one->place.last_seen >= settings_.gone_after;
            case PassageState::arriving:
            case PassageState::identifying:
            case PassageState::deciding:
            case PassageState::referred:
            case PassageState::diverted:
            case PassageState::refused:
            case PassageState::ended:
                return !one->place.on_exit;
        }
        return false;
    });
}

void Lane::close_arm(Turn& turn) {
    const bool up = arm_.position() == ArmPosition::up || arm_.stuck();
    const bool too_soon = close_again_at_ && turn.instant() < *close_again_at_;
    if (!up || too_soon || !may_close(turn.instant())) {
        return;
    }
    const auto plan = interlock_.plan_close(next_command(), scene(turn.instant()), turn.instant());
    if (plan) {
        command(*plan, nullptr, turn);
    }
}

/// It did not go out. The arm is up, so it is never given up; but each time it waits twice as long, so that a device
/// that refuses all night fills no journal (600 times in ten hours).
void Lane::close_later(ArmCommand command, const Turn& turn) {
    if (closes(command)) {
        const auto longest = std::max<std::chrono::milliseconds>(settings_.command_life, longest_close_pause);
        close_pause_ = std::clamp(2 * close_pause_, settings_.command_life, longest);
        close_again_at_ = turn.instant() + close_pause_;
    }
}

/// The arm moved, a vehicle went, or the lane recovered: what stood in the way may be gone. Presence alone is none of
/// these, for a loop may chatter all night.
void Lane::close_soon(const Turn& turn) {
    close_pause_ = {};
    if (close_again_at_) {
        close_again_at_ = std::min(*close_again_at_, turn.instant() + settings_.command_life);
    }
}

/// Presence while the arm lowers: withdraw what is not written, stop where a stop is wired, never open.
void Lane::obstruct(Turn& turn) {
    if (mode_ == LaneMode::recovering) {
        return;  // until the lane has recovered the outputs keep their safe state
    }
    const bool withdrawn = withdraw_all(turn);
    const auto plan = interlock_.plan_stop(next_command(), scene(turn.instant()), turn.instant());
    std::string_view stopped = "no";
    if (plan) {
        stopped = "yes";
    } else if (plan.error() == Refusal::not_wired) {
        stopped = "not_wired";
    }
    turn.record(
        events(turn).arm_obstructed(last_at_arm() != nullptr ? last_at_arm() : approaching(), withdrawn, stopped));
    if (plan) {
        command(*plan, nullptr, turn);
    }
}

/// Recorded, but not to go out any more: its result says so, whether its record is durable yet or not.
void Lane::withdraw(std::size_t pending, Turn& turn) {
    not_gone(pending_[pending], Refusal::no_permission, turn);
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(pending));
}

/// It went out, and its device may not have written it yet.
bool Lane::withdraw(InFlight& flight, Turn& turn) {
    if (flight.withdrawn) {
        return false;
    }
    flight.withdrawn = true;
    turn.withdraw({flight.id, flight.output});
    return true;
}

/// Nothing that was asked of the arm is wanted any more, but a stop. Answers whether there was any.
bool Lane::withdraw_all(Turn& turn) {
    bool any = false;
    for (auto i = pending_.size(); i > 0; --i) {
        if (pending_[i - 1].plan.command() != ArmCommand::stop) {
            withdraw(i - 1, turn);
            any = true;
        }
    }
    for (auto& flight : in_flight_) {
        const bool moves = flight.command != ArmCommand::stop;
        any = (moves && withdraw(flight, turn)) || any;
    }
    return any;
}

/// Its permission has ended: no arm goes up for it, however slow the device is (design.md 10, invariant 3).
void Lane::withdraw_of(const Passage& passage, Turn& turn) {
    for (auto i = pending_.size(); i > 0; --i) {
        if (pending_[i - 1].passage == passage.id) {
            withdraw(i - 1, turn);
        }
    }
    for (auto& flight : in_flight_) {
        if (flight.passage == passage.id) {
            withdraw(flight, turn);
        }
    }
}

// ---- lights

/// The permission stands and the open limit is seen: red as soon as the vehicle is on the arm sensor.
bool Lane::may_go() const {
    const auto* first = head();
    return mode_ == LaneMode::automatic && first != nullptr && first->state() == PassageState::permitted &&
           first->permitted() && !first->place.on_arm && arm_.position() == ArmPosition::up &&
           inputs_.under_arm() == Presence::clear;
}

void Lane::show_lights(Turn& turn) {
    if (!started_) {
        return;  // until the lane has recovered the outputs keep their safe state
    }
    const bool go = may_go();
    const bool come = mode_ == LaneMode::automatic && passages_.empty() && !inputs_.anything_there();
    const auto next_id = [this] { return next_command(); };
    lights_.show(LightHead::light_go, go ? LightColour::green : LightColour::red, turn, next_id);
    lights_.show(LightHead::light_lane, come ? LightColour::green : LightColour::red, turn, next_id);
}

}  // namespace portcullis::lane
