#include "runtime/alarm.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace portcullis;
using namespace portcullis::runtime;
using namespace std::chrono_literals;

namespace {

struct Rig {
    boost::asio::io_context context;
    SystemClock clock;
    int rings = 0;
    Alarm alarm{context, clock, [this] { ++rings; }};

    [[nodiscard]] Instant in(std::chrono::milliseconds time) const { return clock.now().instant + time; }
};

}  // namespace

TEST_CASE("an alarm rings once, not before its time") {
    Rig rig;
    const auto at = rig.in(5ms);
    rig.alarm.set(at);
    CHECK(rig.alarm.set_for() == at);
    rig.context.run();
    CHECK(rig.rings == 1);
    CHECK(rig.clock.now().instant >= at);
    CHECK_FALSE(rig.alarm.set_for());
}

TEST_CASE("an alarm for a time that is past rings at the next turn") {
    Rig rig;
    rig.alarm.set(rig.in(-1h));
    CHECK(rig.rings == 0);
    rig.context.run();
    CHECK(rig.rings == 1);
}

TEST_CASE("only the last setting of an alarm counts") {
    Rig rig;
    rig.alarm.set(rig.in(1h));
    rig.alarm.set(rig.in(1ms));
    rig.context.run();
    CHECK(rig.rings == 1);
}

TEST_CASE("a cancelled alarm does not ring, also when its wait had completed already") {
    Rig rig;
    Alarm canceller{rig.context, rig.clock, [&rig] { rig.alarm.cancel(); }};
    canceller.set(rig.in(-2h));
    rig.alarm.set(rig.in(-1h));
    rig.context.run();
    CHECK(rig.rings == 0);
}

TEST_CASE("an alarm that ends with its wait pending lets the context finish") {
    boost::asio::io_context context;
    const SystemClock clock;
    int rings = 0;
    {
        Alarm alarm{context, clock, [&rings] { ++rings; }};
        alarm.set(clock.now().instant + 1h);
    }
    context.run();
    CHECK(rings == 0);
}

TEST_CASE("an alarm may be set again, and may be destroyed, while it rings") {
    boost::asio::io_context context;
    const SystemClock clock;
    int rings = 0;
    std::unique_ptr<Alarm> alarm;
    alarm = std::make_unique<Alarm>(context, clock, [&] {
        if (++rings < 3) {
            alarm->set(clock.now().instant);
        } else {
            alarm.reset();
        }
    });
    alarm->set(clock.now().instant);
    context.run();
    CHECK(rings == 3);
}

TEST_CASE("an alarm waits by its own clock, not by the timer's") {
    boost::asio::io_context context;
    portcullis::testing::ManualClock clock;
    int rings = 0;
    Alarm alarm{context, clock, [&rings] { ++rings; }};
    alarm.set(clock.now().instant + 2ms);
    while (context.run_one_for(10ms) > 0 && rings == 0) {
        clock.advance(1ms);
    }
    CHECK(rings == 1);
}
