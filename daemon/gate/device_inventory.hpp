#pragma once

#include <map>
#include <vector>

#include "core/event.hpp"
#include "core/observation.hpp"
#include "core/time.hpp"
#include "gate/gate_plan.hpp"

namespace portcullis::gate {

/// What hardware a gate has, as its journal tells it: of each device at the start, and again when the device itself
/// says something else.
class DeviceInventory {
public:
    explicit DeviceInventory(const GatePlan& plan);

    [[nodiscard]] std::vector<Event> at_start(Now now) const;
    [[nodiscard]] std::vector<Event> told(const DeviceName& device, const DeviceIdentity& identity, Now now);

private:
    struct Entry {
        std::string maker;
        std::string model;
        std::string serial;
        std::string firmware;
        std::string profile;
        std::string profile_hash;
        std::string verified_until;
    };
    [[nodiscard]] static Event event_of(const DeviceName& device, const Entry& entry, Now now);

    std::map<DeviceName, Entry> devices_;
};

}  // namespace portcullis::gate
