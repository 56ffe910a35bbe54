#pragma once

#include <filesystem>

namespace portcullis::gate {

/// The folder of the profiles that were installed with this program, wherever the two stand together.
[[nodiscard]] std::filesystem::path installed_profiles();

}  // namespace portcullis::gate
