#include "core/time.hpp"

#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

// The two clocks cannot be mixed: none of these compiles.
template <class Left, class Right>
concept Comparable = requires(Left left, Right right) {
    left < right;
};
template <class Left, class Right>
concept Subtractable = requires(Left left, Right right) {
    left - right;
};

static_assert(Comparable<Instant, Instant> && Comparable<WallTime, WallTime>);
static_assert(!Comparable<Instant, WallTime> && !Comparable<WallTime, Instant>);
static_assert(Subtractable<Instant, Instant> && Subtractable<WallTime, WallTime>);
static_assert(!Subtractable<Instant, WallTime> && !Subtractable<WallTime, Instant>);
static_assert(!std::is_convertible_v<WallTime, Instant> && !std::is_convertible_v<Instant, WallTime>);
static_assert(!std::is_constructible_v<Instant, WallTime> && !std::is_constructible_v<WallTime, Instant>);
static_assert(!std::is_assignable_v<Instant&, WallTime> && !std::is_assignable_v<WallTime&, Instant>);

template <class Timeline>
concept HasNow = requires {
    Timeline::now();
};
static_assert(!HasNow<SteadyTimeline> && !HasNow<UtcTimeline>);

}  // namespace

TEST_CASE("an instant is written in whole milliseconds since boot") {
    using namespace std::chrono_literals;
    CHECK(mono_ms(Instant{1'999'999ns}) == 1);
    CHECK(mono_ms(Instant{2s}) == 2000);
}

}  // namespace portcullis
