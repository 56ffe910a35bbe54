#include "drivers/modbus_points/pulse_counter.hpp"

#include <random>

#include "tests/support/catch.hpp"

using portcullis::drivers::PulseCounter;
using Levels = std::vector<bool>;

TEST_CASE("a pulse between two polls is told, also one of the other level") {
    PulseCounter counter;
    CHECK(counter.read(40, false).empty());
    CHECK(counter.read(40, false).empty());
    CHECK(counter.read(41, false) == Levels{true});
    CHECK(counter.read(41, false).empty());
    // It rises, and is seen: nothing was missed.
    CHECK(counter.read(42, true).empty());
    // It fell and rose again between two polls that both saw it up.
    CHECK(counter.read(43, true) == Levels{false});
    // Down and up and down: the last of it is what the poll sees.
    CHECK(counter.read(44, false) == Levels{false, true});
    CHECK(counter.read(46, false) == Levels{true, false, true});
}

TEST_CASE("an edge between the read of the counter and that of the level is told once") {
    PulseCounter counter;
    CHECK(counter.read(7, false).empty());
    CHECK(counter.read(7, true).empty());  // seen before it was counted
    CHECK(counter.read(8, true).empty());  // its count has come
    CHECK(counter.read(8, false).empty());
    CHECK(counter.read(9, false) == Levels{true});
}

TEST_CASE("a counter that wraps goes on, one that was cleared or does not count tells nothing") {
    PulseCounter wide;
    CHECK(wide.read(0xFFFFFFFF, false).empty());
    CHECK(wide.read(0, false) == Levels{true});
    PulseCounter narrow{16};
    CHECK(narrow.read(0xFFFF, false).empty());
    CHECK(narrow.read(1, false) == Levels{true, false, true});
    CHECK(narrow.read(0, false).empty());  // back by one: cleared
    CHECK(narrow.read(1, false) == Levels{true});

    PulseCounter dead;
    for (int i = 0; i < 100; ++i) {
        CHECK(dead.read(5, i % 2 == 0).empty());
    }
    wide.forget();
    CHECK(wide.read(500, true).empty());
    // More than anybody can have driven over a loop: told in part only.
    CHECK(wide.read(900, true).size() == 31);
}

TEST_CASE("no pulse is lost or made up, however polls fall between edges") {
    std::mt19937 random{20261127};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (int round = 0; round < 200; ++round) {
        PulseCounter counter;
        bool level = false;
        std::uint64_t counted = 0xFFFFFFF0;
        int rises = 0;
        bool told = false;
        int told_rises = 0;
        const auto tell = [&](bool now) {
            told_rises += now && !told ? 1 : 0;
            told = now;
        };
        const auto move = [&] {
            for (auto edges = random() % 4; edges > 0; --edges) {
                level = !level;
                counted = (counted + (level ? 1 : 0)) & 0xFFFFFFFFU;
                rises += level ? 1 : 0;
            }
        };
        (void)counter.read(counted, level);
        for (int poll = 0; poll < 50; ++poll) {
            move();
            const auto seen = counted;
            if (random() % 3 == 0 && !level) {  // one edge right between both reads
                level = true;
                counted = (counted + 1) & 0xFFFFFFFFU;
                ++rises;
            }
            for (const bool missed : counter.read(seen, level)) {
                tell(missed);
            }
            tell(level);
        }
        for (int i = 0; i < 2; ++i) {
            for (const bool missed : counter.read(counted, level)) {
                tell(missed);
            }
            tell(level);
        }
        CHECK(told_rises == rises);
    }
}
