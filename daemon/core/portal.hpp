#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/point.hpp"
#include "core/radiation.hpp"
#include "core/role.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// A reader that stands at a portal, and as what: a lane that claims the transit takes its readings so.
struct PortalReader {
    Role role = Role::container_left;
    DeviceName device;
    friend bool operator==(const PortalReader&, const PortalReader&) = default;
};

/// A loop or beam of a portal.
struct PortalLoop {
    DeviceName device;
    PointSetup setup;
    friend bool operator==(const PortalLoop&, const PortalLoop&) = default;
};

/// A place with readers and no arm, shared by lanes. Times are of travel from it to the arrival loop of a lane.
struct PortalSettings {
    PortalName name;
    Way way = Way::unknown;
    std::optional<PortalLoop> loop;
    DeviceName radiation;  ///< empty: none
    std::vector<PortalReader> readers;
    std::vector<LaneName> lanes;
    std::chrono::milliseconds travel_least{std::chrono::seconds{5}};
    std::chrono::milliseconds travel_most{std::chrono::minutes{3}};
    std::chrono::milliseconds gap{std::chrono::seconds{3}};  ///< nothing seen that long: the vehicle is through
    friend bool operator==(const PortalSettings&, const PortalSettings&) = default;
};

/// A portal as a lane behind it sees it.
struct PortalAhead {
    PortalName name;
    DeviceName radiation;    ///< its monitor; empty: none
    bool is_shared = false;  ///< other lanes stand behind it too
    std::chrono::milliseconds travel_least{};
    std::chrono::milliseconds travel_most{};
    friend bool operator==(const PortalAhead&, const PortalAhead&) = default;
};

/// One reading of a transit.
struct TransitReading {
    Role role = Role::container_left;
    DeviceName device;
    Reading reading;
    Instant at;
};

/// A vehicle that went through a portal.
struct Transit {
    TransitId id;
    PortalName portal;
    Way way = Way::unknown;
    Instant began;
    Instant ended;
    std::vector<TransitReading> readings;
    bool over = false;           ///< it is through: before, `ended` says nothing
    bool has_radiation = false;  ///< its portal has a monitor
    RadiationState radiation = RadiationState::not_monitored;
    std::optional<OccupancyEnded> occupancy;
};

}  // namespace portcullis
