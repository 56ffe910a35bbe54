#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace portcullis::codec {

inline constexpr std::string_view sampling_key_kind = "sampling_key";
inline constexpr std::size_t most_sampling_key_bytes = std::size_t{8} * 1024;

/// The key of one gate and period on its way to that gate. Which key it must be, the ruleset says (its commitment).
struct SamplingKeyDocument {
    std::string terminal;
    std::string gate;
    std::string key_id;
    WallTime from;
    WallTime to;         ///< not included
    std::string sealed;  ///< base64 of a sealed box, which only this gate opens
};

/// Reads the payload (docs/central/sampling_key.schema.json), strictly.
[[nodiscard]] Result<SamplingKeyDocument, Refusal> read_sampling_key(std::string_view payload);
/// Canonical JSON, as `read_sampling_key` takes it.
[[nodiscard]] std::string write_sampling_key(const SamplingKeyDocument& document);

}  // namespace portcullis::codec
