#include "gate/devices_aside.hpp"

#include <variant>

namespace portcullis::gate {

bool DevicesAside::admit(const Observation& observation) {
    if (std::holds_alternative<BadFrames>(observation.what) ||
        std::holds_alternative<DeviceSummary>(observation.what) ||
        std::holds_alternative<DeviceIdentity>(observation.what)) {
        return true;  // about the device itself, whoever uses it
    }
    if (std::holds_alternative<InputSeen>(observation.what)) {
        inputs_.insert_or_assign(PointRef{observation.device, observation.point}, observation);
    } else if (std::holds_alternative<HealthChanged>(observation.what)) {
        health_.insert_or_assign(observation.device, observation);
    }
    return !aside_.contains(observation.device);
}

void DevicesAside::forget(const DeviceName& device) {
    health_.erase(device);
    std::erase_if(inputs_, [&device](const auto& input) { return input.first.device == device; });
}

std::vector<Observation> DevicesAside::take_back(const DeviceName& device) {
    std::vector<Observation> last;
    if (aside_.erase(device) == 0) {
        return last;
    }
    if (const auto health = health_.find(device); health != health_.end()) {
        last.push_back(health->second);
    }
    for (const auto& [point, seen] : inputs_) {
        if (point.device == device) {
            last.push_back(seen);
        }
    }
    return last;
}

std::optional<std::string> DevicesAside::cause(const DeviceName& device) const {
    const auto found = aside_.find(device);
    return found == aside_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace portcullis::gate
