#include "gate/devices_aside.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

const DeviceName aside_io{"io"};

Observation input_seen(const std::string& point, Signal signal, std::chrono::seconds at) {
    return {aside_io, PointName{point}, Instant{at}, InputSeen{signal, 2}};
}

Observation health_told(DeviceState state, std::chrono::seconds at) {
    return {aside_io, {}, Instant{at}, HealthChanged{state, "x"}};
}

}  // namespace

TEST_CASE("what a device says while it is aside reaches nobody, and its lanes hear the newest when it is taken back") {
    DevicesAside aside;
    CHECK(aside.admit(health_told(DeviceState::online, 1s)));
    CHECK(aside.admit(input_seen("di0", Signal::off, 1s)));
    CHECK(aside.admit(input_seen("di1", Signal::off, 1s)));
    aside.set(aside_io, "in test by hand");
    CHECK(aside.cause(aside_io) == "in test by hand");
    CHECK_FALSE(aside.cause(DeviceName{"other"}));
    CHECK_FALSE(aside.admit(input_seen("di0", Signal::on, 2s)));
    CHECK_FALSE(aside.admit({aside_io, {}, Instant{2s}, Reading{}}));
    // What it says of itself as a piece of hardware is recorded all the same.
    CHECK(aside.admit({aside_io, {}, Instant{2s}, BadFrames{"crc", 1, {}}}));
    CHECK(aside.admit({aside_io, {}, Instant{2s}, DeviceSummary{}}));
    CHECK(aside.admit({aside_io, {}, Instant{2s}, DeviceIdentity{}}));

    const auto last = aside.take_back(aside_io);
    REQUIRE(last.size() == 3);
    CHECK(std::get<HealthChanged>(last[0].what).state == DeviceState::online);
    CHECK(std::get<InputSeen>(last[1].what).signal == Signal::on);
    CHECK(last[1].at == Instant{2s});  // never a fresh time
    CHECK(std::get<InputSeen>(last[2].what).signal == Signal::off);
    CHECK(last[2].at == Instant{1s});
    CHECK(aside.admit(input_seen("di0", Signal::off, 3s)));
    CHECK(aside.take_back(aside_io).empty());
}

TEST_CASE("a device that begins anew has said nothing yet") {
    DevicesAside aside;
    CHECK(aside.admit(health_told(DeviceState::online, 1s)));
    CHECK(aside.admit(input_seen("di0", Signal::on, 1s)));
    aside.set(aside_io, "out of service by hand");
    aside.forget(aside_io);
    CHECK(aside.take_back(aside_io).empty());
}

}  // namespace portcullis::gate
