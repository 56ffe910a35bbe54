#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::lane {

/// Where a monitor stands and what is there: common to all events of it. `place` = the portal's name, or the lane's of
/// a lane's own monitor.
struct RadiationPlace {
    DeviceName device;
    std::string place;
    Value passage = "none";
    List containers;
};

[[nodiscard]] Event radiation_occupancy(const RadiationPlace& at, const OccupancyEnded& ended, RadiationLevel level,
                                        List passages, const Now& now, EventToken token);
[[nodiscard]] Event radiation_alarm(const RadiationPlace& at, RadiationLevel level, const Value& occupancy,
                                    const Now& now);
/// `actor` = the actor block.
[[nodiscard]] Event radiation_acknowledged(const RadiationPlace& at, RadiationLevel level, Object actor,
                                           const Now& now);
/// A vehicle that was in alarm before has been measured again.
[[nodiscard]] Event radiation_rescan(const RadiationPlace& at, const Value& previous_occupancy, RadiationState result,
                                     const Now& now);
/// A test object was through, or was not seen: `seen`, `not_seen`.
[[nodiscard]] Event radiation_tested(const RadiationPlace& at, std::string_view result, Object actor, const Now& now);

}  // namespace portcullis::lane
