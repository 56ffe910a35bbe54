#include "gate/gate_conditions.hpp"

#include <chrono>
#include <utility>

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

}  // namespace

Event condition_event(const ConditionChange& change, std::string subject, Now now) {
    Object data{{"condition", change.name}, {"since_mono_ms", mono_ms(change.since)}, {"value", change.value}};
    if (change.ended) {
        data.push_back({"duration_ms", mono_ms(now.instant) - mono_ms(change.since)});
    }
    return {change.ended ? "condition.ended" : "condition.began", std::move(subject), now, std::move(data),
            std::nullopt};
}

std::vector<Event> GateConditions::watch(Now now, std::optional<std::int64_t> links_down) {
    keep_since(link_down_since_, links_down.has_value(), now.instant);
    keep_since(clock_lost_since_, now.clock_state == ClockState::unsynchronised, now.instant);
    std::vector<Event> events;
    for (const auto& change : {link_down_.watch(link_down_since_, links_down.value_or(0), now.instant),
                               clock_unsynchronised_.watch(clock_lost_since_, 0, now.instant)}) {
        if (change) {
            events.push_back(condition_event(*change, "gate", now));
        }
    }
    return events;
}

}  // namespace portcullis::gate
