#include "drivers/transport/wire_tap.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::drivers {

namespace {

using std::chrono::milliseconds;

Instant at_ms(int time) {
    return Instant{milliseconds{time}};
}

void put_one(WireTap& tap, std::uint8_t byte, int time) {
    tap.put({WireDirection::in, {byte}, at_ms(time)});
}

}  // namespace

TEST_CASE("A tap keeps nothing unless somebody listens") {
    WireTap tap;
    put_one(tap, 1, 0);
    CHECK(tap.look(1, 1000).frames.empty());
    tap.listen(at_ms(100));
    put_one(tap, 2, 10);
    const auto look = tap.look(1, 1000);
    REQUIRE(look.frames.size() == 1);
    CHECK(look.frames.front() == WireFrame{WireDirection::in, {2}, at_ms(10)});
    CHECK(look.next == 2);
}

TEST_CASE("A tap forgets what it kept when nobody looks any more") {
    WireTap tap;
    tap.listen(at_ms(100));
    put_one(tap, 1, 10);
    put_one(tap, 2, 100);
    const auto look = tap.look(1, 1000);
    CHECK(look.frames.empty());
    CHECK(look.first == 2);
    tap.listen(at_ms(300));
    put_one(tap, 3, 200);
    CHECK(tap.look(look.next, 1000).frames.size() == 1);
}

TEST_CASE("Whoever looks is given what came since, from now on at first, and hears of what was lost") {
    WireTap tap;
    tap.listen(at_ms(1000));
    put_one(tap, 1, 1);
    CHECK(tap.look(0, 1000).frames.empty());
    const auto from = tap.look(0, 1000).next;
    put_one(tap, 2, 2);
    CHECK(tap.look(from, 1000).frames.front().bytes.front() == 2);
    for (std::size_t i = 0; i < WireTap::most_frames + 5; ++i) {
        put_one(tap, 3, 3);
    }
    const auto look = tap.look(from, 100'000);
    CHECK(look.first == from + 6);
    CHECK(look.frames.size() == WireTap::most_frames);
    CHECK(tap.look(look.next + 100, 1000).frames.empty());
}

TEST_CASE("A tap is bounded in bytes, and so is each look") {
    WireTap tap;
    tap.listen(at_ms(1000));
    const std::vector<std::uint8_t> large(100'000, 7);
    for (int i = 0; i < 5; ++i) {
        tap.put(WireDirection::out, large, at_ms(1));
    }
    const auto look = tap.look(1, 150'000);
    CHECK(look.first == 4);
    CHECK(look.frames.size() == 1);
    CHECK(tap.look(look.next, 1).frames.size() == 1);
}

}  // namespace portcullis::drivers
