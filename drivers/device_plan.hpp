#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config_node.hpp"
#include "core/observation.hpp"
#include "core/point.hpp"
#include "drivers/bus_cycle.hpp"
#include "drivers/device.hpp"
#include "drivers/device_context.hpp"

namespace portcullis::drivers {

class Buses;

/// A point that a device has, as its profile says.
struct PointFact {
    PointName name;
    Direction direction = Direction::input;
    /// What the module does to an output when its host is lost; nothing = the profile does not know.
    std::optional<SafeOutput> on_host_lost;
    /// The device ends a pulse by itself, in steps of so long and at most `most_pulse`; 0 = the daemon ends it.
    std::chrono::milliseconds pulse_step{};
    std::chrono::milliseconds most_pulse{};
    /// Nothing in the device ends what an output holds when its host is gone.
    bool latches = false;
};

/// What a profile says of its product, for `check` and commissioning.
struct ProfileFacts {
    std::string product;
    std::string maker;  ///< empty where the profile fits several
    std::vector<std::string> sources;
    std::vector<std::string> unverified;  ///< parts of the map that nobody has proved on a device yet
};

/// What a technician says of one piece of hardware: of any device, whatever its driver.
struct DeviceLabel {
    std::string serial_number;   ///< on its plate; empty = not said
    std::string verified_until;  ///< last day of its legal verification, `2027-03-31`; empty = not said
};

/// `serial_number` and `verified_until` of any device.
[[nodiscard]] DeviceLabel read_device_label(const ConfigNode& options, ConfigProblems& problems);

/// One device's settings, read and checked, nothing opened: what `portcullis check` makes too.
class DevicePlan {
public:
    DevicePlan() = default;
    DevicePlan(const DevicePlan&) = delete;
    DevicePlan& operator=(const DevicePlan&) = delete;
    virtual ~DevicePlan() = default;

    [[nodiscard]] virtual const ProfileFacts& profile() const = 0;
    /// The device's points; empty for a reader.
    [[nodiscard]] virtual std::vector<PointFact> points() const { return {}; }
    /// The device's own keys as YAML writes them, its driver's defaults put in: what `check --effective` prints.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> options() const { return {}; }
    /// How long a value of a point counts after its read.
    [[nodiscard]] virtual std::chrono::milliseconds stale_after() const { return {}; }
    /// How often a point is read while nothing happens; 0 where nothing is polled.
    [[nodiscard]] virtual std::chrono::milliseconds idle_poll() const { return {}; }
    /// What the device asks of its bus while its lane is busy, `setups` being the points in use; nothing of a device
    /// that is not polled.
    [[nodiscard]] virtual BusShare bus_share(const std::vector<PointSetup>& /*setups*/) const { return {}; }
    /// What `check` tells of the device though it is no error: what was not proved, what was assumed.
    [[nodiscard]] virtual std::vector<std::string> remarks() const;
    /// What a reader reads; nothing for a device with points.
    [[nodiscard]] virtual std::optional<ReadingKind> reads() const { return std::nullopt; }
    /// It is a camera: it answers captures with pictures.
    [[nodiscard]] virtual bool takes_pictures() const { return false; }
    /// It is a radiation monitor.
    [[nodiscard]] virtual bool measures_radiation() const { return false; }
    /// It is a weighbridge.
    [[nodiscard]] virtual bool weighs() const { return false; }
    /// It tells what stands on a vehicle.
    [[nodiscard]] virtual bool sees_load() const { return false; }
    /// It is a message sign.
    [[nodiscard]] virtual bool shows_text() const { return false; }
    /// What a sign can show of these words; another text is shown with blanks or cut.
    [[nodiscard]] virtual std::string shown_of(std::string_view words) const { return std::string{words}; }

    [[nodiscard]] const DeviceLabel& label() const { return label_; }
    void set_label(DeviceLabel label) { label_ = std::move(label); }

    /// Makes the device on its bus; nothing is sent before its `start`. `setups` are the points that lanes use.
    [[nodiscard]] virtual std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                                       const std::vector<PointSetup>& setups) const = 0;

private:
    DeviceLabel label_;
};

/// `product`, `source` (one text or several) and `verified` (parts that were proved on a device) of any profile;
/// every other name of `parts` is unverified.
[[nodiscard]] ProfileFacts read_profile_facts(const ConfigNode& profile, const std::vector<std::string_view>& parts,
                                              ConfigProblems& problems);

}  // namespace portcullis::drivers
