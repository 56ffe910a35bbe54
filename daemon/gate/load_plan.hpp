#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/config_node.hpp"
#include "gate/driver_catalogue.hpp"
#include "gate/gate_plan.hpp"
#include "settings/load.hpp"

namespace portcullis::gate {

/// What settings are read with, by the daemon and by `portcullis check`: both take the same files and refuse the same.
[[nodiscard]] settings::LoadSurroundings settings_surroundings(DriverCatalogue& catalogue,
                                                               std::vector<std::filesystem::path> profile_folders);

/// A plan, or every problem of its files.
struct LoadedPlan {
    std::optional<GatePlan> plan;  ///< only without problems
    std::vector<ConfigProblem> problems;
};

/// Reads settings, policy and profiles. Profiles are looked for in `profiles/` beside `file` and then in
/// `profile_folders`. Opens nothing.
[[nodiscard]] LoadedPlan load_plan(const std::filesystem::path& file,
                                   const std::vector<std::filesystem::path>& profile_folders);

}  // namespace portcullis::gate
