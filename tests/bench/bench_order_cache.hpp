#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "store/order_cache.hpp"
#include "tests/bench/order_load.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::bench {

struct OrderBench {
    std::int64_t orders = 10'000'000;  ///< the largest cache; the curve goes from 10,000 to it
    int look_ups = 2'000;
    std::filesystem::path folder;
    /// Few orders on whatever machine: shows that all of it runs. What another's work can spoil is not judged.
    bool is_short = false;

    [[nodiscard]] std::optional<testing::Aim> timed(testing::Aim aim) const {
        return is_short ? std::nullopt : std::optional{aim};
    }
};

/// Verdicts and look-ups while a snapshot is filled.
void measure_meanwhile(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache,
                       testing::Figures& figures);
/// Look-ups between the slices of batches.
void measure_batches(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache,
                     testing::Figures& figures);

/// Import, look-ups, size and memory of a whole port's orders, beside bare SQLite.
void measure_order_cache(const OrderBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
