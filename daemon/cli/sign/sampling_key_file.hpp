#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "trust/sampling_key.hpp"

namespace portcullis::sign {

/// A sampling key as central keeps it, and as it publishes it when its period is over.
struct SamplingKeyFile {
    std::string terminal;
    std::string gate;
    std::string key_id;
    WallTime from;
    WallTime to;  ///< not included
    trust::SamplingSecret secret;
};

/// Canonical JSON on one line; docs/sampling.md names the members.
[[nodiscard]] std::string sampling_key_text(const SamplingKeyFile& key);
[[nodiscard]] Result<SamplingKeyFile, std::string> sampling_key_from(std::string_view text);
[[nodiscard]] Result<SamplingKeyFile, std::string> read_sampling_key_file(const std::filesystem::path& path);

/// The row of a ruleset's `sampling: keys:` that commits to the key and does not tell it.
[[nodiscard]] std::string commitment_row(const SamplingKeyFile& key);

}  // namespace portcullis::sign
