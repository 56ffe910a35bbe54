#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"
#include "core/time.hpp"

namespace portcullis::drivers {

/// How a device writes the time of its own clock. That clock decides nothing: its skew is reported.
struct DeviceClock {
    std::string format;             ///< `YYYYMMDDhhmmss`; other characters stand for themselves
    std::chrono::minutes offset{};  ///< of the clock's own time from UTC

    /// Nothing when `text` is not of that form, or no date.
    [[nodiscard]] std::optional<WallTime> time_of(std::string_view text) const;
};

/// `clock: { format: YYYY-MM-DD hh:mm:ss, offset: "+08:00" }` of a profile.
[[nodiscard]] std::optional<DeviceClock> read_device_clock(const ConfigNode& node, ConfigProblems& problems);

}  // namespace portcullis::drivers
