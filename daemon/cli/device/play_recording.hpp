#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace portcullis::cli {

struct PlayOptions {
    std::filesystem::path recording;
    std::string profile;  ///< a file, or a name
    std::vector<std::filesystem::path> profile_folders;
    bool write_expect = false;  ///< put what was seen into the recording
};

/// `portcullis device play`: a recording through a profile. Prints what lanes would see; 0 when that is what the
/// recording expects, or when it expects nothing yet.
[[nodiscard]] int play_recording(const PlayOptions& options, std::ostream& out, std::ostream& errors);

struct CheckProfileOptions {
    std::filesystem::path profile;
    std::vector<std::filesystem::path> recordings;  ///< files, or folders of them
};

/// `portcullis device profile check`: reads and plans a profile without a gate and plays its recordings. 0 when all
/// is as it should be; else every problem, with file, line and column.
[[nodiscard]] int check_profile(const CheckProfileOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
