#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "drivers/bus_settings.hpp"
#include "drivers/device_plan.hpp"

namespace portcullis::drivers {

/// One driver. Adding one = one folder and one row here.
struct DriverEntry {
    std::string_view name;  ///< as `driver:` of a profile names it
    BusKind bus = BusKind::modbus;
    /// Reads the device's own keys and its profile's. Always a plan; what is wrong is in the problems.
    std::unique_ptr<DevicePlan> (*plan)(const ConfigNode& options, const ConfigNode& profile, ConfigProblems& problems);
};

[[nodiscard]] std::span<const DriverEntry> all_drivers();

/// Plans one device: its driver by the profile's `driver`, on a bus of the right kind. `options` is the device's node
/// of the settings, of which `profile` and `bus` are the caller's. nullptr when there is no such driver or the bus is
/// of another kind; that too is in `problems`. Nothing is opened. Unread keys are the caller's to report.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_device(const ConfigNode& options, const ConfigNode& profile,
                                                      const BusSettings& bus, ConfigProblems& problems,
                                                      std::span<const DriverEntry> known = all_drivers());

/// True when the bus takes one device only.
[[nodiscard]] bool takes_one_device(const BusSettings& bus);

}  // namespace portcullis::drivers
