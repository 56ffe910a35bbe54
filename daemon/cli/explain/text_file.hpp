#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace portcullis::cli {

/// The bytes of a file; nothing when it cannot be read, is empty, or holds more than `most`.
[[nodiscard]] std::optional<std::string> bytes_of(const std::filesystem::path& path, std::size_t most);

}  // namespace portcullis::cli
