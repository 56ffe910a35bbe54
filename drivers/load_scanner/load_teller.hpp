#pragma once

#include <optional>

#include "core/config_node.hpp"
#include "drivers/device_reporter.hpp"

namespace portcullis::drivers {

/// Tells what a line scanner sees, for drivers: at each change, and again every second as long as it sees the same.
class LoadTeller {
public:
    explicit LoadTeller(DeviceReporter& reporter) : reporter_(reporter) {}

    void saw(const LoadSeen& seen, Instant at);
    /// It sees nothing any more.
    void gone(Instant at);
    /// Nothing was told: the next is told again.
    void forget() { told_.reset(); }

private:
    DeviceReporter& reporter_;
    std::optional<LoadSeen> told_;
    Instant told_at_;
};

/// `one_40`, or `{ load: one_20, position: fore }` of a profile.
[[nodiscard]] LoadSeen read_load(const ConfigNode& node, ConfigProblems& problems);

}  // namespace portcullis::drivers
