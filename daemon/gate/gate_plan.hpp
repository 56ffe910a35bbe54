#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/lane_settings.hpp"
#include "core/point.hpp"
#include "core/policy.hpp"
#include "core/role.hpp"
#include "core/sign.hpp"
#include "drivers/bus_settings.hpp"
#include "drivers/device_plan.hpp"
#include "settings/gate_settings.hpp"
#include "trust/signature.hpp"
#include "uplink/uplink.hpp"

/// What a gate is built from: settings and profiles read and checked, nothing opened yet.
namespace portcullis::gate {

/// Which point plays a role in a lane, and how it is wired.
struct RolePoint {
    Role role = Role::arrival_loop;
    PointRef at;
    PointSetup setup;
};

/// Which reader plays a role in a lane.
struct RoleReader {
    Role role = Role::plate_front;
    DeviceName device;
};

struct LanePlan {
    LaneSettings settings;
    std::vector<RolePoint> points;
    std::vector<RoleReader> readers;
    DeviceName sign;  ///< empty: none
};

struct PlannedDevice {
    DeviceName name;
    BusName bus;
    std::unique_ptr<drivers::DevicePlan> plan;
    std::string profile = {};       ///< its name
    std::string profile_hash = {};  ///< SHA-256 of its file, in hex
};

struct GatePlan {
    std::string terminal;
    std::string name;
    std::filesystem::path state;
    std::filesystem::path control_socket;
    Hash256 settings_hash{};  ///< of the files' bytes: says in the journal which settings were in force
    settings::JournalSettings journal;
    settings::OrderSettings orders;
    settings::EvidenceSettings evidence;
    std::set<std::string> evidence_to;  ///< destinations that get pictures
    std::vector<uplink::UplinkSettings> uplinks;
    std::vector<trust::PublicKey> orders_keys;  ///< one, or none where a root says who signs
    std::filesystem::path root_file;            ///< empty with an orders key
    Policy policy;
    std::vector<std::pair<BusName, drivers::BusSettings>> buses;
    std::vector<PlannedDevice> devices;
    std::vector<LanePlan> lanes;
    std::vector<settings::ZoneSettings> zones;
    settings::RadiationSettings radiation;
    std::vector<PortalSettings> portals;
    SignWords sign_words;
};

}  // namespace portcullis::gate
