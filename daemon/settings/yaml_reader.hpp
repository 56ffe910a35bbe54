#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"

namespace portcullis::settings {

/// What one settings file may be at most; a person writes a hundredth of it.
inline constexpr std::size_t largest_file = std::size_t{256} * 1024;
/// Groups within groups.
inline constexpr std::size_t deepest_nesting = 16;

/// One YAML document as a tree that knows its places. Stricter than YAML, so that what is meant is what is read: one
/// document, UTF-8 without byte order mark, Unix line ends, no tabs before a key, no anchors, aliases or tags, no key
/// twice. Nothing, and problems, when it is not so. `name` is how messages call the file, `most` what it may be.
[[nodiscard]] std::optional<ConfigNode> read_yaml(std::string_view text, const std::string& name,
                                                  ConfigProblems& problems, std::size_t most = largest_file);

/// The bytes of a file, at most so many and one; nothing, and a problem, when it cannot be read.
[[nodiscard]] std::optional<std::string> read_text_file(const std::filesystem::path& path, ConfigProblems& problems,
                                                        std::size_t most = largest_file);

}  // namespace portcullis::settings
