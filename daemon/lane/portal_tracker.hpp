#pragma once

#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/portal.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"

namespace portcullis::lane {

/// What became of a portal's vehicles by one thing that was seen there.
struct PortalNews {
    std::vector<Transit> through;  ///< vehicles that have gone through
    std::vector<Transit> changed;  ///< that began, or of which more is known now
    /// An alarm that has just begun, and an occupancy that has just ended.
    std::optional<RadiationLevel> alarm;
    std::optional<OccupancyEnded> occupancy;
};

/// Vehicles that go through one portal, by its loop, its monitor and its readers: one is there from the first of them
/// that sees something until none has for `gap`. A loop that lets go between two vehicles tells them apart; an
/// occupancy that goes on over both belongs to both. Pure.
class PortalTracker {
public:
    PortalTracker(PortalSettings settings, RadiationLimits limits, IdSource ids);

    /// What a device of the portal said, at the wire's time.
    [[nodiscard]] PortalNews see(const Observation& observation);
    [[nodiscard]] PortalNews tick(Instant now);

    [[nodiscard]] const PortalSettings& settings() const { return settings_; }

    /// More readings of one vehicle are noise.
    static constexpr std::size_t most_readings = 32;

private:
    void see_loop(bool on, Instant at, PortalNews& news);
    void see_reading(const DeviceName& device, const Reading& reading, Instant at);
    void see_radiation(const RadiationSeen& seen, Instant at, PortalNews& news);
    void see_occupancy(const OccupancyEnded& ended, Instant at, PortalNews& news);
    void see_alarm(RadiationLevel level, PortalNews& news);
    Transit& here(Instant at);
    void close(PortalNews& news);
    void end_if_gone(Instant now, PortalNews& news);

    PortalSettings settings_;
    RadiationLimits limits_;
    IdSource ids_;
    std::optional<Transit> here_;
    std::vector<Transit> shared_;  ///< through, in an occupancy that is open still
    Instant last_seen_;
    bool loop_on_ = false;
    bool occupied_ = false;
    RadiationLevel alarm_ = RadiationLevel::none;
};

}  // namespace portcullis::lane
