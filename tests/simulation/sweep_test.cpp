// A short sweep; script/simulate runs as many seeds as one likes.
#include <string>

#include "tests/simulation/simulation.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::simulation {

namespace {

void sweep(std::uint64_t from, std::uint64_t to) {
    std::int64_t passages = 0;
    std::int64_t lives = 0;
    for (auto seed = from; seed <= to; ++seed) {
        const auto outcome = Simulation{seed}.run();
        passages += outcome.passages;
        lives += outcome.lives;
        for (const auto& violation : outcome.violations) {
            FAIL_CHECK("seed " << seed << " step " << violation.step << ", invariant " << violation.invariant << ", "
                               << violation.lane << ": " << violation.what << "; script/simulate --trace " << seed);
        }
    }
    // It has been through something: vehicles came, and processes were killed under them.
    CHECK(passages > static_cast<std::int64_t>(to - from) * 5);
    CHECK(lives > static_cast<std::int64_t>(to - from) + 30);
}

}  // namespace

TEST_CASE("Seeds 1 to 150 keep every promise") {
    sweep(1, 150);
}

TEST_CASE("Seeds 151 to 300 keep every promise") {
    sweep(151, 300);
}

TEST_CASE("The same seed gives the same trace, another seed another one") {
    const auto hash = [](std::uint64_t seed) { return Simulation{seed}.run().trace_hash; };
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CHECK(hash(seed) == hash(seed));
        CHECK(hash(seed) != hash(seed + 1));
    }
}

}  // namespace portcullis::simulation
