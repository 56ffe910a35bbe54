#include "runtime/clock.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::runtime;

TEST_CASE("the system clock gives steady time that does not go back, and a wall time of this age") {
    const SystemClock clock;
    const auto first = clock.now();
    const auto second = clock.now();
    CHECK(second.instant >= first.instant);
    CHECK(first.wall > WallTime{std::chrono::hours{24 * 365 * 50}});
}

TEST_CASE("the clock's state follows what the kernel says") {
    CHECK(clock_state_of({}) == ClockState::unsynchronised);
    CHECK(clock_state_of({.readable = true, .unsynchronised = true, .max_error_us = 10}) == ClockState::unsynchronised);
    CHECK(clock_state_of({.readable = true, .unsynchronised = false, .max_error_us = 1'500'000}) ==
          ClockState::synchronised);
    CHECK(clock_state_of({.readable = true, .unsynchronised = false, .max_error_us = 2'000'000}) ==
          ClockState::holdover);
}

TEST_CASE("the boot id is the same for the life of a boot") {
    CHECK(read_boot_id() == read_boot_id());
    CHECK(read_boot_id() != BootId{});
}

TEST_CASE("where the kernel may not be asked, the age of the last correction says the state") {
    using namespace std::chrono_literals;
    CHECK(clock_state_of(clock_corrected_since(34min)) == ClockState::synchronised);
    CHECK(clock_state_of(clock_corrected_since(2h)) == ClockState::holdover);
    CHECK(clock_state_of(clock_corrected_since(-2h)) == ClockState::holdover);
}
