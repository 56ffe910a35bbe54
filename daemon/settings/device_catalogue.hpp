#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/credential.hpp"
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
    /// The module ends a pulse by itself, in steps of so long and at most `most_pulse`; 0 = the daemon ends it.
    std::chrono::milliseconds pulse_step{};
    std::chrono::milliseconds most_pulse{};
    /// Nothing in the module ends what the output holds when its host is gone.
    bool latches = false;
};

/// What settings must know of a device to check its wiring.
struct DeviceFacts {
    std::vector<DevicePoint> points;   ///< empty for a reader
    std::optional<ReadingKind> reads;  ///< nothing for a device with points
    bool takes_pictures = false;       ///< it is a camera
    bool measures_radiation = false;   ///< it is a radiation monitor
    /// Of a message sign: what it can show of these words. Empty for all other devices.
    std::function<std::string(std::string_view)> shown_of;
    bool weighs = false;         ///< a weighbridge
    std::string verified_until;  ///< last day of its legal verification, or empty
    bool sees_load = false;      ///< a line scanner
    WrittenKeys options;         ///< the device's own keys with its driver's defaults
    /// How long a value of a point counts after its read.
    std::chrono::milliseconds stale_after{};
    /// How often a point is read while nothing happens; 0 where nothing is polled.
    std::chrono::milliseconds idle_poll{};
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
    /// User and password of a bus that was added and has `credentials`.
    virtual void set_credential(const BusName& /*bus*/, const Credential& /*credential*/) {}
    /// Whether that bus takes one device only.
    [[nodiscard]] virtual bool takes_one_device(const BusName& bus) const = 0;
    /// Reads one device's own options and its profile; nothing, and problems, when they are wrong. `bus` was added.
    virtual std::optional<DeviceFacts> add_device(const DeviceName& name, const BusName& bus, const ConfigNode& options,
                                                  const ConfigNode& profile, ConfigProblems& problems) = 0;
    /// Whether every bus can keep the polls of its devices, as `lanes` use them. `buses` is the node of the settings.
    virtual void check_buses(const ConfigNode& /*buses*/, const std::vector<WiredLane>& /*lanes*/,
                             ConfigProblems& /*problems*/) {}
};

}  // namespace portcullis::settings
