#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "drivers/device_plan.hpp"
#include "drivers/http_push/pushed_reading.hpp"

namespace portcullis::drivers {

/// A reader that pushes each reading as JSON to a path of its own.
struct HttpPushSettings {
    ProfileFacts facts;
    PushedMeaning meaning;
    std::string path;                                       ///< `/lpr/front`: the device's own
    std::optional<std::chrono::milliseconds> silent_after;  ///< nothing pushed for longer = offline
};

/// `path`, and perhaps `face`, are the device's; everything else is the profile's.
[[nodiscard]] HttpPushSettings read_http_push_settings(const ConfigNode& options, const ConfigNode& profile,
                                                       ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_http_push(const ConfigNode& options, const ConfigNode& profile,
                                                         ConfigProblems& problems);

}  // namespace portcullis::drivers
