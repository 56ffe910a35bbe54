#pragma once

#include <cstdint>
#include <optional>

/// Exact tails of the binomial distribution: what a share of draws may be by chance. No normal approximation, which is
/// wrong where draws are few.
namespace portcullis {

/// P(X <= k) for n draws of a chance of `ppm` in a million.
[[nodiscard]] double tail_low(std::int64_t k, std::int64_t n, std::int64_t ppm);
/// P(X >= k).
[[nodiscard]] double tail_high(std::int64_t k, std::int64_t n, std::int64_t ppm);

/// What chance explains: more than `low` and fewer than `high`.
struct BinomialBounds {
    std::int64_t low = -1;  ///< the most draws whose lower tail is below the level; -1: no number is too few
    std::int64_t high = 0;  ///< the fewest draws whose upper tail is below it; n + 1: no number is too many
};
[[nodiscard]] BinomialBounds binomial_bounds(std::int64_t n, std::int64_t ppm, double level);

}  // namespace portcullis
