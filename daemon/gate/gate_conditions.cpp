#include "gate/gate_conditions.hpp"

#include <chrono>

namespace portcullis::gate {

namespace {

/// From when `holds` has held.
void keep_since(std::optional<Instant>& since, bool holds, Instant now) {
    if (!holds) {
        since.reset();
    } else if (!since) {
        since = now;
    }
}

Event event_of(const ConditionChange& change, Now now) {
    Object data{{"condition", change.name}, {"since_mono_ms", mono_ms(change.since)}, {"value", change.value}};
    if (change.ended) {
        data.push_back({"duration_ms", mono_ms(now.instant) - mono_ms(change.since)});
    }
    return {change.ended ? "condition.ended" : "condition.began", "gate", now, std::move(data), std::nullopt};
}

}  // namespace

std::vector<Event> GateConditions::watch(Now now, std::optional<std::int64_t> links_down) {
    keep_since(link_down_since_, links_down.has_value(), now.instant);
    keep_since(clock_lost_since_, now.clock_state == ClockState::unsynchronised, now.instant);
    std::vector<Event> events;
    for (const auto& change : {link_down_.watch(link_down_since_, links_down.value_or(0), now.instant),
                               clock_unsynchronised_.watch(clock_lost_since_, 0, now.instant)}) {
        if (change) {
            events.push_back(event_of(*change, now));
        }
    }
    return events;
}

}  // namespace portcullis::gate
