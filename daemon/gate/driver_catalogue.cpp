#include "gate/driver_catalogue.hpp"

#include <algorithm>

#include "drivers/registry.hpp"

namespace portcullis::gate {

bool DriverCatalogue::add_bus(const BusName& name, const ConfigNode& node, ConfigProblems& problems) {
    auto settings = drivers::read_bus(node, problems);
    if (settings) {
        buses_.emplace_back(name, std::move(*settings));
    }
    return settings.has_value();
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
        facts.points.push_back({point.name, point.direction, point.on_host_lost});
    }
    facts.reads = plan->reads();
    facts.shows_text = plan->shows_text();
    facts.options = plan->options();
    facts.stale_after = plan->stale_after();
    devices_.push_back({name, bus_name, std::move(plan)});
    return facts;
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
