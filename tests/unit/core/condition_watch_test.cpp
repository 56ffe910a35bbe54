#include "core/condition_watch.hpp"

#include "tests/support/catch.hpp"

namespace portcullis {

using namespace std::chrono_literals;

TEST_CASE("a condition begins after its time, once, and ends when it no longer holds") {
    ConditionWatch watch{"link_down", 10s};
    const Instant since{100s};
    CHECK_FALSE(watch.watch(since, 1, since + 9s));
    REQUIRE(watch.deadline());
    CHECK(*watch.deadline() == since + 10s);
    const auto began = watch.watch(since, 1, since + 10s);
    REQUIRE(began);
    CHECK(began->name == "link_down");
    CHECK(began->since == since);
    CHECK_FALSE(began->ended);
    CHECK_FALSE(watch.deadline());
    CHECK_FALSE(watch.watch(since, 1, since + 99s));
    const auto ended = watch.watch(std::nullopt, 0, since + 100s);
    REQUIRE(ended);
    CHECK(ended->ended);
    CHECK(ended->since == since);
    CHECK_FALSE(watch.watch(std::nullopt, 0, since + 101s));
}

TEST_CASE("what stops before its time was no condition") {
    ConditionWatch watch{"link_down", 10s};
    CHECK_FALSE(watch.watch(Instant{1s}, 1, Instant{9s}));
    CHECK_FALSE(watch.watch(std::nullopt, 0, Instant{10s}));
    CHECK_FALSE(watch.watch(Instant{11s}, 1, Instant{12s}));
    CHECK_FALSE(watch.deadline() == Instant{11s});
}

}  // namespace portcullis
