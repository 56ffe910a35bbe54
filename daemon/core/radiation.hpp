#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/enum_text.hpp"
#include "core/measures.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What an occupancy of a radiation monitor ended with (events.md, radiation.occupancy). The monitor decides whether it
/// was an alarm; nobody here does it again.
enum class OccupancyState : std::uint8_t { clean, gamma, neutron, both, incomplete, not_monitored };
template <>
inline constexpr auto enum_texts<OccupancyState> = std::to_array<EnumText<OccupancyState>>({
    {OccupancyState::clean, "clean"},
    {OccupancyState::gamma, "gamma"},
    {OccupancyState::neutron, "neutron"},
    {OccupancyState::both, "both"},
    {OccupancyState::incomplete, "incomplete"},
    {OccupancyState::not_monitored, "not_monitored"},
});

enum class RadiationLevel : std::uint8_t { none, suspect, high };
template <>
inline constexpr auto enum_texts<RadiationLevel> = std::to_array<EnumText<RadiationLevel>>({
    {RadiationLevel::none, "none"},
    {RadiationLevel::suspect, "suspect"},
    {RadiationLevel::high, "high"},
});

/// Whether the monitor measures. Nothing that it says while it does not is clean.
struct RadiationWatch {
    bool monitored = false;
    std::string cause;  ///< why not, in a word: `high_background`, `tamper`, `silence`, …; empty while it does
    friend bool operator==(const RadiationWatch&, const RadiationWatch&) = default;
};

/// Something stands in the beam.
struct OccupancyBegan {
    friend bool operator==(const OccupancyBegan&, const OccupancyBegan&) = default;
};

/// The monitor is in alarm; said once an occupancy and kind.
struct RadiationAlarm {
    bool gamma = false;
    bool neutron = false;
    friend bool operator==(const RadiationAlarm&, const RadiationAlarm&) = default;
};

/// The beam is free again, or nobody knows what becomes of it any more (`incomplete`). Nothing = the monitor does not
/// say, or it was not heard.
struct OccupancyEnded {
    OccupancyState state = OccupancyState::incomplete;
    std::optional<std::int64_t> gamma_max_cps;  ///< the most in a second, all detectors together
    std::optional<std::int64_t> background_cps;
    std::optional<std::int64_t> neutron_count;
    std::chrono::milliseconds duration{};
    std::optional<std::int64_t> speed_mm_s;
    std::string cause;  ///< of `incomplete`
    friend bool operator==(const OccupancyEnded&, const OccupancyEnded&) = default;
};

/// What a radiation monitor says.
struct RadiationSeen {
    std::variant<RadiationWatch, OccupancyBegan, RadiationAlarm, OccupancyEnded> what;
    friend bool operator==(const RadiationSeen&, const RadiationSeen&) = default;
};

/// From when on an alarm is more than suspect. A neutron alarm always is.
struct RadiationLimits {
    std::optional<std::int64_t> high_gamma_cps;
    friend bool operator==(const RadiationLimits&, const RadiationLimits&) = default;
};

constexpr bool is_alarm(OccupancyState state) {
    return state == OccupancyState::gamma || state == OccupancyState::neutron || state == OccupancyState::both;
}

constexpr RadiationLevel level_of(const RadiationAlarm& alarm) {
    if (alarm.neutron) {
        return RadiationLevel::high;
    }
    return alarm.gamma ? RadiationLevel::suspect : RadiationLevel::none;
}

inline RadiationLevel level_of(const OccupancyEnded& ended, const RadiationLimits& limits) {
    if (!is_alarm(ended.state)) {
        return RadiationLevel::none;
    }
    const bool hot = limits.high_gamma_cps && ended.gamma_max_cps && *ended.gamma_max_cps >= *limits.high_gamma_cps;
    return ended.state != OccupancyState::gamma || hot ? RadiationLevel::high : RadiationLevel::suspect;
}

/// What is known of one vehicle after such an occupancy. Incomplete is unknown, never clean.
inline RadiationState state_of(const OccupancyEnded& ended, const RadiationLimits& limits) {
    switch (level_of(ended, limits)) {
        case RadiationLevel::high:
            return RadiationState::high;
        case RadiationLevel::suspect:
            return RadiationState::suspect;
        case RadiationLevel::none:
            break;
    }
    if (ended.state == OccupancyState::clean) {
        return RadiationState::clean;
    }
    return ended.state == OccupancyState::not_monitored ? RadiationState::not_monitored : RadiationState::unknown;
}

/// Of an alarm of this level; `none` is none.
constexpr RadiationState alarm_state(RadiationLevel level) {
    return level == RadiationLevel::high ? RadiationState::high : RadiationState::suspect;
}

constexpr RadiationLevel alarm_level(RadiationState state) {
    if (state == RadiationState::high) {
        return RadiationLevel::high;
    }
    return state == RadiationState::suspect ? RadiationLevel::suspect : RadiationLevel::none;
}

constexpr bool is_alarm(RadiationState state) {
    return state == RadiationState::suspect || state == RadiationState::high;
}

/// Two things that are known of one vehicle: an alarm stays and the higher counts; else the newer word does.
constexpr RadiationState joined(RadiationState before, RadiationState now) {
    if (before == RadiationState::high || now == RadiationState::high) {
        return RadiationState::high;
    }
    return before == RadiationState::suspect ? before : now;
}

}  // namespace portcullis
