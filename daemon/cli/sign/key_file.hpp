#pragma once

#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// Writes the key's seed as one line of hex into a new file that only its owner may read. A file that is there already
/// is never touched. Returns what went wrong, or an empty text.
[[nodiscard]] std::string write_key_file(const std::filesystem::path& path, const trust::SigningKey& key);

/// Reads such a file; refuses one that others may read.
[[nodiscard]] Result<trust::SigningKey, std::string> read_key_file(const std::filesystem::path& path);

/// A new file of mode 0600 that holds `text`, durably; what was wrong, or an empty text. Never over a file that is
/// there.
[[nodiscard]] std::string write_secret_file(const std::filesystem::path& path, const std::string& text);

}  // namespace portcullis::sign
