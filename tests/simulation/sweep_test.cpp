// A short sweep; script/simulate runs as many seeds as one likes.
#include <array>
#include <sstream>
#include <string>
#include <string_view>

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

TEST_CASE("The seeds go the unusual ways too") {
    static constexpr std::array<std::string_view, 14> ways{
        "outcome=cleared",         "outcome=backed_out",  "outcome=turned_away",
        "outcome=diverted",        "outcome=interrupted", "code=targeting_hold",
        "code=targeting_inspect",  "code=order_revoked",  "code=order_used",
        "code=plate_not_on_order", "movement=empty_in",   "movement=empty_out",
        "fullness=empty",          "order_id=M-",
    };
    std::ostringstream told;
    for (std::uint64_t seed = 1; seed <= 80; ++seed) {
        Options options;
        options.trace = &told;
        (void)Simulation{seed, std::move(options)}.run();
    }
    const auto text = told.str();
    for (const auto way : ways) {
        CAPTURE(way);
        CHECK(text.find(way) != std::string::npos);
    }
}

TEST_CASE("The same seed gives the same trace, another seed another one") {
    const auto hash = [](std::uint64_t seed) { return Simulation{seed}.run().trace_hash; };
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CHECK(hash(seed) == hash(seed));
        CHECK(hash(seed) != hash(seed + 1));
    }
}

}  // namespace portcullis::simulation
