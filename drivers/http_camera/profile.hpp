#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "drivers/device_plan.hpp"
#include "drivers/http/http_get.hpp"

namespace portcullis::drivers {

/// A camera that gives a still picture at an address of its own.
struct HttpCameraSettings {
    ProfileFacts facts;
    std::string path;    ///< and query: `/cgi-bin/snapshot.cgi?channel=1`
    bool digest = true;  ///< it may ask for Digest
    bool basic = false;  ///< it may ask for Basic: the password goes over the line as it is
    HttpLimits limits;
    std::chrono::milliseconds probe{60'000};  ///< between pictures that only show that the camera is there
};

/// `path` and `probe` may be given by the device; everything else is the profile's.
[[nodiscard]] HttpCameraSettings read_http_camera_settings(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_http_camera(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

}  // namespace portcullis::drivers
