#include "gate/hold_over.hpp"

#include <string>

#include "core/time_text.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

const BootId this_boot = *BootId::parse("c2a94e10d7b84b3f9e6510fd2b7a8c44");
const BootId earlier_boot = *BootId::parse("00a94e10d7b84b3f9e6510fd2b7a8c44");
constexpr WallTime day_noon{std::chrono::hours{20'000 * 24 + 12}};

/// `up` after the machine's start, which was at noon by a right clock that shows `off` too much.
Now shown_after(std::chrono::milliseconds up, ClockState state, std::chrono::milliseconds off = 0ms) {
    return {Instant{up}, day_noon + up + off, state};
}

std::optional<Value> noted_by(BootId boot, std::chrono::milliseconds up, WallTime wall) {
    HoldOver clock{boot, {}};
    clock.see({Instant{up}, wall, ClockState::synchronised});
    return clock.note_due();
}

}  // namespace

TEST_CASE("the band of the wall clock: none while synchronised, then it grows from the last synchronisation on") {
    HoldOver clock{this_boot, {}};
    clock.see(shown_after(200h, ClockState::synchronised));
    CHECK(clock.band(shown_after(200h, ClockState::synchronised)) == 0ms);
    const auto lost = shown_after(200h + 100s, ClockState::holdover);
    clock.see(lost);
    CHECK(clock.band(lost) == 2s + 50ms);
    CHECK(clock.since(lost) == 100s);
    const auto later = shown_after(200h + 20h, ClockState::unsynchronised);
    clock.see(later);
    CHECK(clock.band(later) == 2s + 36s);
    CHECK(clock.since(later) == 20h);
}

TEST_CASE("a clock that somebody set while nothing synchronised it may be wrong by as much") {
    HoldOver clock{this_boot, {}};
    clock.see(shown_after(10s, ClockState::synchronised));
    CHECK(clock.band(shown_after(10s, ClockState::holdover, 1h)) == 2s + 1h);
    CHECK(clock.band(shown_after(10s, ClockState::holdover, -1h)) == 2s + 1h);
}

TEST_CASE(
    "where no synchronised clock is known, the time since the machine's start counts, and nobody knows how long") {
    const HoldOver clock{this_boot, {}};
    const auto now = shown_after(2000s, ClockState::unsynchronised);
    CHECK(clock.band(now) == 2s + 1s);
    CHECK_FALSE(clock.since(now));
}

TEST_CASE("a process that begins anew knows what the one before it saw") {
    const auto seen = noted_by(this_boot, 1000s, day_noon + 1000s);
    const HoldOver clock{this_boot, seen};
    CHECK(clock.band(shown_after(3000s, ClockState::holdover)) == 2s + 1s);
    CHECK(clock.since(shown_after(3000s, ClockState::holdover)) == 2000s);
}

TEST_CASE("a machine that was off for days without a time server") {
    const HoldOver clock{this_boot, noted_by(earlier_boot, 500h, day_noon - 48h)};
    SECTION("its clock went on") {
        const auto now = shown_after(60s, ClockState::unsynchronised);
        CHECK(clock.since(now) == 48h + 60s);
        CHECK(clock.band(now) == 2s + std::chrono::milliseconds{48h + 60s} / 2000);
    }
    SECTION("its clock went back: it may be anywhere up to where it was, and nobody knows how long that is") {
        const auto now = shown_after(60s, ClockState::unsynchronised, -1000h);
        CHECK_FALSE(clock.since(now));
        CHECK(clock.band(now) == 2s + 30ms + (952h - 60s));
    }
}

TEST_CASE("what a synchronised clock showed is written down once an hour") {
    HoldOver clock{this_boot, {}};
    CHECK_FALSE(clock.note_due());
    clock.see(shown_after(1s, ClockState::unsynchronised));
    CHECK_FALSE(clock.note_due());
    clock.see(shown_after(2s, ClockState::synchronised));
    const auto first = clock.note_due();
    REQUIRE(first);
    CHECK(*first->find("wall")->get<std::string>() == time_text(day_noon + 2s));
    CHECK_FALSE(clock.note_due());
    clock.see(shown_after(1h + 1s, ClockState::synchronised));
    CHECK_FALSE(clock.note_due());
    clock.see(shown_after(1h + 2s, ClockState::synchronised));
    CHECK(clock.note_due());
}

TEST_CASE("a note that cannot be read is no note") {
    const auto now = shown_after(2000s, ClockState::unsynchronised);
    for (const auto& broken : {Value{"noon"}, Value{Object{{"boot", "?"}, {"monotonic_ms", 1}, {"wall", "now"}}},
                               Value{Object{{"boot", this_boot.text()}, {"wall", time_text(day_noon)}}}}) {
        CHECK_FALSE(HoldOver(this_boot, broken).since(now));
    }
}

}  // namespace portcullis::gate
