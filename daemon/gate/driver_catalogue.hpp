#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/bus_settings.hpp"
#include "gate/gate_plan.hpp"
#include "settings/device_catalogue.hpp"

namespace portcullis::gate {

/// The drivers' registry as settings see it. Keeps what it has read: a plan is made of it, and nothing is read twice.
class DriverCatalogue final : public settings::DeviceCatalogue {
public:
    bool add_bus(const BusName& name, const ConfigNode& node, ConfigProblems& problems) override;
    void set_credential(const BusName& bus, const Credential& credential) override;
    [[nodiscard]] bool takes_one_device(const BusName& bus) const override;
    std::optional<settings::DeviceFacts> add_device(const DeviceName& name, const BusName& bus,
                                                    const ConfigNode& options, const ConfigNode& profile,
                                                    ConfigProblems& problems) override;

    void check_buses(const ConfigNode& buses, const std::vector<settings::WiredLane>& lanes,
                     ConfigProblems& problems) override;

    /// What is no error and should be known of the devices, a line each.
    [[nodiscard]] std::vector<std::string> remarks() const;
    [[nodiscard]] std::vector<std::pair<BusName, drivers::BusSettings>> take_buses() { return std::move(buses_); }
    [[nodiscard]] std::vector<PlannedDevice> take_devices() { return std::move(devices_); }

private:
    [[nodiscard]] const drivers::BusSettings* bus(const BusName& name) const;

    std::vector<std::pair<BusName, drivers::BusSettings>> buses_;
    std::vector<PlannedDevice> devices_;
};

}  // namespace portcullis::gate
