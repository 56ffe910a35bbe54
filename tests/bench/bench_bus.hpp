#pragma once

#include <chrono>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

/// What the buses cost: shares of what a line and a round trip allow, the age of a fast input among dead units, the
/// processor's time.
struct BusBench {
    std::chrono::seconds each{30};  ///< of each figure
    bool is_short = false;          ///< no aim that a busy machine misses
};

void measure_bus(const BusBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
