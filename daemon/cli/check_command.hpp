#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace portcullis::cli {

struct CheckOptions {
    std::filesystem::path file;
    std::vector<std::filesystem::path> profile_folders;  ///< after `profiles/` beside the file
    bool effective = false;                              ///< print the settings with every default
};

/// `portcullis check`: reads settings, policy and profiles and opens nothing. 0 when they are good, 1 when not; then
/// `errors` has every problem, one a line.
[[nodiscard]] int check_settings(const CheckOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
