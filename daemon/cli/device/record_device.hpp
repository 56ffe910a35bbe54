#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "cli/device/listen.hpp"

namespace portcullis::cli {

struct RecordOptions {
    ListenOptions listen;  ///< `where` may be a device of the running daemon, too
    std::filesystem::path file;
    std::string about;
};

/// `portcullis device record`: what a device says as a recording, without `expect`; `device play` tells what a profile
/// makes of it.
[[nodiscard]] int record_device(const RecordOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
