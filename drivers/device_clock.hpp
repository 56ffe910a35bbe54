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
    /// `"+08:00"`, as settings write it.
    [[nodiscard]] std::string offset_text() const;
};

/// `clock: YYYY-MM-DD hh:mm:ss` of a profile with the `clock_offset: "+08:00"` of a device; nothing when either is not
/// given: what time zone a clock at the gate was set to, only its site knows.
[[nodiscard]] std::optional<DeviceClock> read_device_clock(const ConfigNode& profile, const ConfigNode& options,
                                                           ConfigProblems& problems);

}  // namespace portcullis::drivers
