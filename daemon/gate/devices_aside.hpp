#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/point.hpp"

namespace portcullis::gate {

/// Devices that are set aside by hand: what they see and say of their health reaches no lane until they are taken
/// back, and then as it is by now. Pure.
class DevicesAside {
public:
    /// Remembers what a lane would have to hear again. False = not now: the device is aside.
    [[nodiscard]] bool admit(const Observation& observation);

    void set(const DeviceName& device, std::string cause) { aside_[device] = std::move(cause); }
    /// Nothing that was known of it counts any more: it begins anew.
    void forget(const DeviceName& device);
    /// What lanes have to hear: its health, then each of its inputs, with the times at which they were seen.
    [[nodiscard]] std::vector<Observation> take_back(const DeviceName& device);
    /// Why it is aside, or nothing when it is not.
    [[nodiscard]] std::optional<std::string> cause(const DeviceName& device) const;

private:
    std::map<DeviceName, std::string> aside_;
    std::map<DeviceName, Observation> health_;
    std::map<PointRef, Observation> inputs_;
};

}  // namespace portcullis::gate
