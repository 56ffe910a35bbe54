#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config_node.hpp"
#include "drivers/device_plan.hpp"

namespace portcullis::cli {

/// A profile that was read and planned without a gate.
struct PlannedProfile {
    ConfigNode profile;
    std::unique_ptr<drivers::DevicePlan> plan;
    /// What the device's own settings must say: no fault of the profile.
    std::vector<std::string> wanted;
};

/// Reads a profile and plans a device with these options (those of a recording, or none) on a bus that fits. Nothing,
/// and problems with their places, when the profile is wrong.
[[nodiscard]] std::optional<PlannedProfile> plan_profile(const std::filesystem::path& file,
                                                         const std::optional<ConfigNode>& options,
                                                         ConfigProblems& problems);

/// The file of a profile: as named, or `NAME.yaml` in one of the folders; nothing when it is nowhere.
[[nodiscard]] std::optional<std::filesystem::path> find_profile(const std::string& name,
                                                                const std::vector<std::filesystem::path>& folders);

}  // namespace portcullis::cli
