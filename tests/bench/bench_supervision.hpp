#pragma once

#include <cstddef>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

struct SupervisionBench {
    int decisions = 20'000;  ///< of each kind
    /// How often this process has asked for memory.
    std::size_t (*allocations)();
    /// Few decisions on whatever machine: shows that all of it runs. What another's work can spoil is not judged.
    bool is_short = false;
};

/// One passage decided by rulesets of 10 to 10,000 rules of four predicates, every one of them looked at: beside the
/// bare predicates in the same run. Needs no gate.
void measure_supervision(const SupervisionBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
