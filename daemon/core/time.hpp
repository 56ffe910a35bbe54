#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/enum_text.hpp"

namespace portcullis {

/// The gate's steady clock since boot. Has no now(): only daemon/runtime/clock.cpp reads a clock.
struct SteadyTimeline {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<SteadyTimeline>;
    static constexpr bool is_steady = true;
};

/// UTC since 1970-01-01, in milliseconds. It may step: data, never a duration.
struct UtcTimeline {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<UtcTimeline>;
    static constexpr bool is_steady = false;
};

/// A point on the steady clock: deadlines and durations. Cannot be mixed with WallTime (does not compile).
using Instant = SteadyTimeline::time_point;

/// A point on the wall clock: validity of documents and the time written in events.
using WallTime = UtcTimeline::time_point;

enum class ClockState : std::uint8_t { synchronised, holdover, unsynchronised };
template <>
inline constexpr auto enum_texts<ClockState> = std::to_array<EnumText<ClockState>>({
    {ClockState::synchronised, "synchronised"},
    {ClockState::holdover, "holdover"},
    {ClockState::unsynchronised, "unsynchronised"},
});

/// Both clocks, read once when an event is taken and passed along.
struct Now {
    Instant instant;
    WallTime wall;
    ClockState clock_state = ClockState::unsynchronised;
};

/// Whole milliseconds of the steady clock, as `mono_ms` in events.
constexpr std::int64_t mono_ms(Instant instant) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count();
}

}  // namespace portcullis
