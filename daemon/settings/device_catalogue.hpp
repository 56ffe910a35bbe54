#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/point.hpp"
#include "settings/gate_settings.hpp"

namespace portcullis::settings {

/// A point that a device has.
struct DevicePoint {
    PointName name;
    Direction direction = Direction::input;
    /// What the module does to an output when its host is lost, before any sense; nothing = nobody knows.
    std::optional<SafeOutput> on_host_lost;
};

/// What settings must know of a device to check its wiring.
struct DeviceFacts {
    std::vector<DevicePoint> points;   ///< empty for a reader
    std::optional<ReadingKind> reads;  ///< nothing for a device with points
    bool shows_text = false;           ///< it is a message sign
    WrittenKeys options;               ///< the device's own keys with its driver's defaults
    /// How long a value of a point counts after its read.
    std::chrono::milliseconds stale_after{};
};

/// The drivers, as settings see them: they read buses, devices and profiles themselves and keep what they need.
/// Whoever knows the drivers (gate) gives one in; settings know none.
class DeviceCatalogue {
public:
    DeviceCatalogue() = default;
    DeviceCatalogue(const DeviceCatalogue&) = delete;
    DeviceCatalogue& operator=(const DeviceCatalogue&) = delete;
    virtual ~DeviceCatalogue() = default;

    /// Reads the transport of one bus. False, and problems, when it is wrong.
    virtual bool add_bus(const BusName& name, const ConfigNode& node, ConfigProblems& problems) = 0;
    /// Whether that bus takes one device only.
    [[nodiscard]] virtual bool takes_one_device(const BusName& bus) const = 0;
    /// Reads one device's own options and its profile; nothing, and problems, when they are wrong. `bus` was added.
    virtual std::optional<DeviceFacts> add_device(const DeviceName& name, const BusName& bus, const ConfigNode& options,
                                                  const ConfigNode& profile, ConfigProblems& problems) = 0;
};

}  // namespace portcullis::settings
