#include "gate/driver_catalogue.hpp"

#include <algorithm>

#include "drivers/registry.hpp"

namespace portcullis::gate {

namespace {

/// The points of a device that lanes use.
std::vector<PointSetup> setups_of(const DeviceName& device, const std::vector<settings::WiredLane>& lanes) {
    std::vector<PointSetup> setups;
    for (const auto& lane : lanes) {
        for (const auto& point : lane.points) {
            if (point.device == device) {
                setups.push_back(point.setup);
            }
        }
    }
    return setups;
}

}  // namespace

bool DriverCatalogue::add_bus(const BusName& name, const ConfigNode& node, ConfigProblems& problems) {
    auto settings = drivers::read_bus(node, problems);
    if (settings) {
        buses_.emplace_back(name, std::move(*settings));
    }
    return settings.has_value();
}

void DriverCatalogue::set_credential(const BusName& name, const Credential& credential) {
    const auto found = std::find_if(buses_.begin(), buses_.end(), [&](const auto& one) { return one.first == name; });
    if (found == buses_.end()) {
        return;
    }
    if (auto* camera = std::get_if<drivers::HttpSettings>(&found->second)) {
        camera->credential = credential;
    } else if (auto* listens = std::get_if<drivers::HttpListenSettings>(&found->second)) {
        listens->credential = credential;
    }
}

const drivers::BusSettings* DriverCatalogue::bus(const BusName& name) const {
    const auto found = std::find_if(buses_.begin(), buses_.end(), [&](const auto& one) { return one.first == name; });
    return found == buses_.end() ? nullptr : &found->second;
}

bool DriverCatalogue::takes_one_device(const BusName& name) const {
    const auto* settings = bus(name);
    return settings != nullptr && drivers::takes_one_device(*settings);
}

std::optional<settings::DeviceFacts> DriverCatalogue::add_device(const DeviceName& name, const BusName& bus_name,
                                                                 const ConfigNode& options, const ConfigNode& profile,
                                                                 ConfigProblems& problems) {
    const auto* settings = bus(bus_name);
    if (settings == nullptr) {
        return std::nullopt;  // what is wrong with the bus has been said
    }
    auto plan = drivers::plan_device(options, profile, *settings, problems);
    if (!plan) {
        return std::nullopt;
    }
    settings::DeviceFacts facts;
    for (const auto& point : plan->points()) {
        facts.points.push_back(
            {point.name, point.direction, point.on_host_lost, point.pulse_step, point.most_pulse, point.latches});
    }
    facts.reads = plan->reads();
    facts.takes_pictures = plan->takes_pictures();
    facts.measures_radiation = plan->measures_radiation();
    if (plan->shows_text()) {
        facts.shown_of = [sign = plan.get()](std::string_view words) { return sign->shown_of(words); };
    }
    facts.weighs = plan->weighs();
    facts.verified_until = plan->label().verified_until;
    facts.sees_load = plan->sees_load();
    facts.options = plan->options();
    if (const auto& label = plan->label(); !label.serial_number.empty()) {
        facts.options.emplace_back("serial_number", "'" + label.serial_number + "'");
    }
    if (const auto& label = plan->label(); !label.verified_until.empty()) {
        facts.options.emplace_back("verified_until", label.verified_until);
    }
    facts.stale_after = plan->stale_after();
    facts.idle_poll = plan->idle_poll();
    devices_.push_back({name, bus_name, std::move(plan)});
    return facts;
}

void DriverCatalogue::check_buses(const ConfigNode& buses, const std::vector<settings::WiredLane>& lanes,
                                  ConfigProblems& problems) {
    for (const auto& [name, settings] : buses_) {
        const auto* const node = buses.find(name.text());
        if (node == nullptr || kind_of(settings) != drivers::BusKind::modbus) {
            continue;
        }
        std::vector<drivers::DeviceOnBus> devices;
        for (const auto& device : devices_) {
            if (device.bus == name) {
                devices.push_back({device.name.text(), device.plan->bus_share(setups_of(device.name, lanes))});
            }
        }
        const auto* const rtu = std::get_if<drivers::ModbusRtuSettings>(&settings);
        for (auto& problem : drivers::check_bus(devices, rtu == nullptr ? std::nullopt : std::optional{rtu->line})) {
            node->report(problems, std::move(problem.what), std::move(problem.help));
        }
    }
}

std::vector<std::string> DriverCatalogue::remarks() const {
    std::vector<std::string> all;
    for (const auto& device : devices_) {
        for (const auto& remark : device.plan->remarks()) {
            all.push_back(device.name.text() + ": " + remark);
        }
    }
    return all;
}

}  // namespace portcullis::gate
