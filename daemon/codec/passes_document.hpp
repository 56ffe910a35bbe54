#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/passes.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

inline constexpr std::string_view passes_kind = "passes";
inline constexpr std::size_t most_passes = 20'000;
inline constexpr std::size_t most_passes_bytes = std::size_t{8} * 1024 * 1024;
/// What is known of one vehicle is kept with every verdict about it.
inline constexpr std::size_t most_passes_of_a_plate = 16;

/// Reads the payload of a pass list (docs/central/passes.schema.json), strictly: the first thing that is wrong anywhere
/// refuses all of it. No refusal quotes a plate.
[[nodiscard]] Result<PassList, Refusal> read_passes(std::string_view payload);

/// Everything that is wrong with it, for people; at most so many.
[[nodiscard]] std::vector<Refusal> passes_refusals(std::string_view payload, std::size_t most);

/// As canonical JSON.
[[nodiscard]] std::string write_passes(const PassList& list);

}  // namespace portcullis::codec
