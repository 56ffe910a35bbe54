// What has lasted too long in a lane: told when it begins and when it ends.
#include <algorithm>

#include "lane/lane.hpp"

namespace portcullis::lane {

void Lane::watch_conditions(Turn& turn) {
    if (!started_ || !journal_up_) {
        return;  // what begins while nothing can be recorded is told when the journal is back
    }
    const auto now = turn.instant();
    std::optional<Instant> stuck;
    std::optional<Instant> unknown;
    std::int64_t stuck_inputs = 0;
    std::int64_t unknown_inputs = 0;
    for (const auto role : presence_inputs) {
        auto& first = inputs_.on(role) ? stuck : unknown;
        if (inputs_.level(role) == Presence::clear) {
            continue;
        }
        ++(inputs_.on(role) ? stuck_inputs : unknown_inputs);
        first = first ? std::min(*first, inputs_.since(role)) : inputs_.since(role);
    }
    std::optional<Instant> chatters;
    std::int64_t chattering_inputs = 0;
    for (const auto& input : chatter_) {
        if (const auto since = input.since(now)) {
            ++chattering_inputs;
            chatters = chatters ? std::min(*chatters, *since) : *since;
        }
    }
    const bool idle_up = arm_.position() == ArmPosition::up && passages_.empty() && !inputs_.anything_there();
    std::vector<ConditionChange> changes;
    conditions_.watch(Condition::arm_up_clear, idle_up ? std::optional{arm_.since()} : std::nullopt, 0, now, changes);
    conditions_.watch(Condition::presence_stuck, stuck, stuck_inputs, now, changes);
    conditions_.watch(Condition::presence_unknown, unknown, unknown_inputs, now, changes);
    conditions_.watch(Condition::loop_chatter, chatters, chattering_inputs, now, changes);
    std::optional<Instant> not_zero;
    if (nobody_since_ && scale_.off_zero_since()) {
        not_zero = std::max(*nobody_since_, *scale_.off_zero_since());
    }
    conditions_.watch(Condition::weight_not_zero, not_zero, scale_.shown_kg(), now, changes);
    for (const auto& change : changes) {
        turn.record(events(turn).condition(change.name, change.since, change.value, change.ended));
    }
}

}  // namespace portcullis::lane
