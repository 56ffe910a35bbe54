#pragma once

#include <filesystem>
#include <vector>

#include "simulators/story/story.hpp"

namespace portcullis::story {

/// Every `*.yaml` of a folder, by name. Throws std::runtime_error that names every problem of every file.
[[nodiscard]] std::vector<Story> load_stories(const std::filesystem::path& folder);

}  // namespace portcullis::story
