#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/device/recording.hpp"
#include "core/config_node.hpp"
#include "drivers/bus_settings.hpp"
#include "drivers/device_plan.hpp"

namespace portcullis::cli {

/// What a profile made of a recording.
struct Played {
    std::vector<std::string> seen;  ///< observations in the words of recordings, in order
    /// Why it is not what was recorded: an observation that is missing, another one, a question that the recording
    /// does not know. Empty = as expected, or nothing was expected and nothing was wrong.
    std::vector<std::string> wrong;
};

/// A bus that fits the profile's driver, for plans of which nothing is opened; nothing when there is no such driver.
[[nodiscard]] std::optional<drivers::BusSettings> stand_in_bus(const ConfigNode& profile);

/// Lets the driver of a planned device live through the recording, at the pace that the device had: a pause of the
/// recording is one.
[[nodiscard]] Played play(const drivers::DevicePlan& plan, const ConfigNode& profile, const Recording& recording);

}  // namespace portcullis::cli
