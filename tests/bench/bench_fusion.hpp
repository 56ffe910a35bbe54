#pragma once

#include <cstdint>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

struct FusionBench {
    std::int64_t readings = 100'000;
    std::uint64_t seed = 20'261'127;
};

/// Noisy readings of vehicles whose boxes are known, fused, weighed by a ruleset that repairs or does not, and decided
/// about: how many wrong boxes are believed, how many are released, and how many vehicles a person sees. The negative
/// control believes any valid number.
void measure_fusion(const FusionBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
