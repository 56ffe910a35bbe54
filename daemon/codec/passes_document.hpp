#pragma once

#include <cstddef>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/passes.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

inline constexpr std::string_view passes_kind = "passes";
inline constexpr std::size_t most_passes = 20'000;
inline constexpr std::size_t most_passes_bytes = std::size_t{8} * 1024 * 1024;

/// Reads the payload of a pass list (docs/central/passes.schema.json), strictly: the first thing that is wrong anywhere
/// refuses all of it.
[[nodiscard]] Result<PassList, Refusal> read_passes(std::string_view payload);

}  // namespace portcullis::codec
