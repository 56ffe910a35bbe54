#include "drivers/device_reporter.hpp"

#include <boost/asio/io_context.hpp>

#include "drivers/back_off.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;

namespace {

struct Rig {
    boost::asio::io_context context;
    portcullis::testing::ManualClock clock;
    std::vector<Observation> seen;
    DeviceReporter reporter{DeviceName{"io"}, context, clock};

    Rig() {
        reporter.start([this](const Observation& observation) { seen.push_back(observation); });
    }
    [[nodiscard]] Instant now() const { return clock.now().instant; }
    void bad(std::string_view kind, std::size_t length = 3) {
        reporter.bad_frame({.kind = kind, .bytes = std::vector<std::uint8_t>(length, 0xEE), .at = now()});
    }
    template <class What>
    [[nodiscard]] const What& last() const {
        REQUIRE_FALSE(seen.empty());
        return std::get<What>(seen.back().what);
    }
};

}  // namespace

TEST_CASE("health is told on change only") {
    Rig rig;
    rig.reporter.health(DeviceState::online, "answers", rig.now());
    rig.reporter.health(DeviceState::online, "answers again", rig.now());
    rig.reporter.health(DeviceState::offline, "no answer", rig.now());
    REQUIRE(rig.seen.size() == 2);
    CHECK(rig.last<HealthChanged>().cause == "no answer");
    CHECK(rig.reporter.view().state == DeviceState::offline);
}

TEST_CASE("bad frames are told at once, and then at most once a minute a kind, with their number") {
    Rig rig;
    rig.bad("unit", 200);
    REQUIRE(rig.seen.size() == 1);
    CHECK(rig.last<BadFrames>().count == 1);
    CHECK(rig.last<BadFrames>().sample.size() == 64);
    for (int i = 0; i < 1000; ++i) {
        rig.bad("unit");
        rig.clock.advance(50ms);
    }
    CHECK(rig.seen.size() == 1);
    rig.bad("length");
    CHECK(rig.seen.size() == 2);
    rig.clock.advance(10s);
    rig.bad("unit");
    REQUIRE(rig.seen.size() == 3);
    CHECK(rig.last<BadFrames>().kind == "unit");
    CHECK(rig.last<BadFrames>().count == 1001);
    rig.bad("unit");
    rig.reporter.stop();
    REQUIRE(rig.seen.size() == 4);
    CHECK(rig.last<BadFrames>().count == 1);
    CHECK(rig.reporter.view().bad_frames == 1004);
}

TEST_CASE("an hour is summed up, and the next begins at nothing") {
    Rig rig;
    for (int i = 0; i < 1000; ++i) {
        rig.reporter.good_exchange(rig.now(), i < 985 ? 2ms : 40ms);
    }
    rig.reporter.failed_exchange();
    rig.reporter.reading({}, rig.now());
    rig.seen.clear();
    rig.clock.advance(1h);
    rig.reporter.summarise();
    const auto summary = rig.last<DeviceSummary>();
    CHECK(summary.window == 3600s);
    CHECK(summary.polls == 1001);
    CHECK(summary.errors == 1);
    CHECK(summary.readings == 1);
    CHECK(summary.p99 == 40ms);
    rig.clock.advance(1h);
    rig.reporter.summarise();
    CHECK(rig.last<DeviceSummary>().polls == 0);
    CHECK(rig.last<DeviceSummary>().p99 == 0ms);
}

TEST_CASE("summaries come on the full hours of the wall clock, of which one is midnight, and never twice at one") {
    const auto due_in = [](std::chrono::milliseconds into_the_hour) {
        const Now now{.instant = Instant{7h}, .wall = WallTime{24h + into_the_hour}};
        return std::chrono::duration_cast<std::chrono::milliseconds>(summary_due(now) - now.instant);
    };
    CHECK(due_in(22min + 2s) == 37min + 58s);
    CHECK(due_in(0ms) == 1h);
    CHECK(due_in(5ms) == 1h - 5ms);
    // The wall clock runs a little behind the steady one: this hour's end was told already.
    CHECK(due_in(1h - 20ms) == 1h + 20ms);
}

TEST_CASE("the pause of a back-off doubles to its bound, varies, and begins anew after a success") {
    BackOff back_off{100ms, 1000ms};
    for (const auto full : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
        const auto pause = back_off.fail();
        CHECK(pause <= full);
        CHECK(pause >= full * 3 / 4);
    }
    back_off.reset();
    CHECK(back_off.fail() <= 100ms);
}
