#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/enum_text.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What a weighbridge says of itself (events.md, weight.taken). `absent` = no weight at all: silent, disconnected, or
/// an indicator that shows another thing than the gross weight.
enum class WeightState : std::uint8_t { stable, moving, over, under, fault, absent };
template <>
inline constexpr auto enum_texts<WeightState> = std::to_array<EnumText<WeightState>>({
    {WeightState::stable, "stable"},
    {WeightState::moving, "moving"},
    {WeightState::over, "over"},
    {WeightState::under, "under"},
    {WeightState::fault, "fault"},
    {WeightState::absent, "absent"},
});

/// What an indicator shows. Said on each change: what was said last stands until the next, and silence is a change of
/// its own (`absent`), so that an old value is never current.
struct WeightSeen {
    WeightState state = WeightState::absent;
    std::optional<std::int64_t> gross_kg;  ///< of `stable` and `moving` only; exact, never converted by guess
    friend bool operator==(const WeightSeen&, const WeightSeen&) = default;
};

/// Where the tare of a vehicle comes from.
enum class TareSource : std::uint8_t { vehicles, none };
template <>
inline constexpr auto enum_texts<TareSource> = std::to_array<EnumText<TareSource>>({
    {TareSource::vehicles, "vehicles"},
    {TareSource::none, "none"},
});

/// What a vehicle weighs without its load.
struct VehicleTare {
    std::optional<std::int64_t> kg;
    TareSource source = TareSource::none;
    friend bool operator==(const VehicleTare&, const VehicleTare&) = default;
};

/// The weighbridge of a lane as its site describes it: it lies before the stop line, so that a vehicle that stands at
/// the line stands on it.
struct WeighSettings {
    /// The site's word that whatever stands at the line stands on it with all its axles, and nothing else does. Beams
    /// at its ends know better.
    bool holds_whole_vehicle = false;
    std::chrono::milliseconds stable_for{1000};        ///< one frame without motion is no standing vehicle
    std::int64_t zero_within_kg = 100;                 ///< an empty bridge that shows more weighs nothing
    std::chrono::milliseconds not_zero_after{600000};  ///< then it is a condition of the lane
    std::string verified_until;           ///< last day of its legal verification, or empty: not known to be
    std::optional<WallTime> verified_to;  ///< the end of that day
    [[nodiscard]] bool verified_at(WallTime now) const { return verified_to && now < *verified_to; }
    friend bool operator==(const WeighSettings&, const WeighSettings&) = default;
};

}  // namespace portcullis
