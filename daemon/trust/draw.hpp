#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash256.hpp"
#include "trust/sampling_key.hpp"

/// The keyed draw (抽检): docs/sampling.md has it to the byte, with an example that a test recomputes.
namespace portcullis::trust {

inline constexpr std::string_view draw_algorithm = "hmac-sha256-1";
/// Tickets are uniform in [0, draw_range): a rate in ppm takes those below it.
inline constexpr std::int64_t draw_range = 1'000'000;
/// No rate takes it: of a box that a drawn declaration is not inspected in.
inline constexpr std::int64_t never_drawn = draw_range;

/// What one number is drawn for.
struct DrawSubject {
    std::string_view purpose;      ///< `sampling`, `box`, or `rule:<id>`
    std::string_view terminal;     ///< of the gate
    std::string_view declaration;  ///< the first of its chain: what replaces it draws the same
    std::string_view container;    ///< empty: the declaration itself
};

/// The bytes that the key signs; `block` counts up while no word of the block before was taken.
[[nodiscard]] std::string draw_message(const DrawSubject& subject, std::uint32_t block);

/// The first of the four numbers in a block that takes no part in a bias, modulo `draw_range`; nothing when there is
/// none, once in 10^53 blocks.
[[nodiscard]] std::optional<std::int64_t> ticket_in(const Hash256& block);

[[nodiscard]] std::int64_t draw_ticket(const SamplingSecret& key, const DrawSubject& subject);

/// The ticket of `purpose` for one box. Sampling draws the declaration, and of a drawn one the share `boxes_ppm` of its
/// boxes, each by a number of its own; a rule with a rate draws each box.
[[nodiscard]] std::int64_t box_ticket(const SamplingSecret& key, const DrawSubject& subject, std::int64_t boxes_ppm);

}  // namespace portcullis::trust
