#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/portal.hpp"
#include "core/role.hpp"
#include "core/vocabulary.hpp"
#include "core/weight.hpp"

namespace portcullis {

/// The arm as the technician describes it. Everything here is mandatory in YAML but the times.
struct ArmSettings {
    ArmControl control = ArmControl::pulse;
    ArmClose close = ArmClose::daemon_request;
    ArmOnPower on_power_loss = ArmOnPower::stays;
    ArmOnPower on_power_return = ArmOnPower::stays;
    std::chrono::milliseconds up_within{6000};
    std::chrono::milliseconds down_within{6000};
    friend bool operator==(const ArmSettings&, const ArmSettings&) = default;
};

/// One lane as pure logic needs it: which roles exist, not which devices play them.
struct LaneSettings {
    LaneName name;
    LaneWay way = LaneWay::in;
    ControlPoint control_point;
    ArmSettings arm;
    OnInspect on_inspect = OnInspect::open;
    OnHold on_hold = OnHold::wait_person;
    LoadPolicy load = LoadPolicy::beams;
    std::vector<Identity> required;
    std::set<Role> roles;
    std::chrono::milliseconds identify_within{8000};
    std::chrono::milliseconds hold{1000};  ///< under the arm counts as occupied this long after it was seen clear
    std::chrono::milliseconds command_life{2000};       ///< `not_after` of an actuating command
    std::chrono::milliseconds abandon_after{600000};    ///< nothing seen of a vehicle that long, all inputs clear
    std::chrono::milliseconds permission_life{120000};  ///< arm up and the vehicle does not come: close by rule, hold
    std::string sign_language;                          ///< of the words that its sign shows
    std::chrono::milliseconds gone_after{5000};  ///< arrival loop fell and the arm saw nothing: it left by the back

    RadiationLimits radiation;
    /// The vehicle was in the beam of the lane's own monitor at most this long before the arrival loop saw it.
    std::chrono::milliseconds radiation_lead{10000};
    std::vector<PortalAhead> portals;  ///< whose transits its vehicles claim

    WeighSettings weigh;  ///< of a lane with the role `weighbridge`

    [[nodiscard]] bool has(Role role) const { return roles.contains(role); }
    friend bool operator==(const LaneSettings&, const LaneSettings&) = default;
};

}  // namespace portcullis
