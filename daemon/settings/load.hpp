#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "settings/device_catalogue.hpp"
#include "settings/gate_settings.hpp"

namespace portcullis::settings {

/// What loading needs of the rest.
struct LoadSurroundings {
    DeviceCatalogue& catalogue;
    /// Where profiles are looked for after `profiles/` beside the settings file.
    std::vector<std::filesystem::path> profile_folders;
    /// Where the service manager has put credentials; empty: `credentials/` beside the settings file.
    std::filesystem::path credentials_folder;
    /// Whether 64 hex digits are a key that a signature can be checked with.
    std::function<bool(std::string_view hex)> valid_key;
    /// The types of events that a gate may write, as in `passage.detected`.
    std::vector<std::string> event_types;
};

/// A file that was read, with the keys that were looked for in it.
struct ReadFile {
    std::filesystem::path path;
    std::string bytes;
    ConfigNode root;
};

/// A gate's settings, or every problem of them at once.
struct LoadedSettings {
    std::optional<GateSettings> settings;  ///< only without problems
    std::vector<ConfigProblem> problems;   ///< by file and place, each once
    std::vector<ReadFile> files;           ///< the settings file first, then policy and profiles
};

/// Reads `file`, its policy and its profiles, and checks all of it.
[[nodiscard]] LoadedSettings load_gate_settings(const std::filesystem::path& file,
                                                const LoadSurroundings& surroundings);

/// The same from a text that stands for `file`.
[[nodiscard]] LoadedSettings load_gate_settings_text(std::string text, const std::filesystem::path& file,
                                                     const LoadSurroundings& surroundings);

}  // namespace portcullis::settings
