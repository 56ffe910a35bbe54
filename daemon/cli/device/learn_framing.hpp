#pragma once

#include <filesystem>
#include <iosfwd>

#include "cli/device/listen.hpp"

namespace portcullis::cli {

struct LearnOptions {
    ListenOptions listen;
    std::filesystem::path recording;  ///< a recording instead of a line
};

/// `portcullis device learn`: listens, says which framings explain what came, the best first, and prints a profile to
/// begin with. 0 when at least one frame was found.
[[nodiscard]] int learn_framing(const LearnOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
