// Answers that are none: each is counted, summed up, and changes nothing else. Each carries an input that is not so.
// Noise and lines without an end: serial_test.cpp. A bad check digit is a reading: the lane's identity_ways_test.cpp.
#include <functional>

#include "points_rig.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace portcullis::testing;

namespace {

constexpr int wrong_answers = 5;
constexpr std::size_t unit_byte = 6;
constexpr std::size_t first_data_byte = 9;

/// The next answers say that a clear input is occupied, and are damaged besides.
ModbusStub::Script damaged(std::function<void(Bytes&)> damage) {
    return [damage = std::move(damage), left = wrong_answers](const Bytes&, Bytes honest) mutable {
        if (left > 0) {
            --left;
            honest.at(first_data_byte) = 0;
            damage(honest);
        }
        return Reply{Act::send, honest};
    };
}

void check_counted_and_nothing_else(const std::string& kind, const std::function<void(Bytes&)>& damage) {
    PointsRig rig;
    rig.set_clear(0);
    auto& device = rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    rig.stub.script(damaged(damage));
    rig.until([&] { return device.view().bad_frames == wrong_answers; });
    const auto polls = device.view().polls;
    rig.until([&] { return device.view().polls > polls + 3; });

    CHECK(rig.all<InputSeen>("io", "di0").size() == 2);
    CHECK(rig.all<HealthChanged>("io").size() == 1);
    CHECK(device.view().errors == wrong_answers);
    rig.set_occupied(0);
    rig.until([&] { return rig.seen("di0", Signal::on, 2); });

    rig.stop();
    const auto told = rig.all<BadFrames>("io");
    REQUIRE(told.size() == 2);  // the first at once, the others together
    CHECK(told[0].kind == kind);
    CHECK(told[0].count == 1);
    CHECK_FALSE(told[0].sample.empty());
    CHECK(told[1].kind == kind);
    CHECK(told[1].count == wrong_answers - 1);
}

}  // namespace

TEST_CASE("An answer of a wrong length is counted, summed up, and changes nothing else") {
    check_counted_and_nothing_else("length", [](Bytes& answer) { answer[5] = 9; });
}

TEST_CASE("An answer of a wrong unit is counted, summed up, and changes nothing else") {
    check_counted_and_nothing_else("unit", [](Bytes& answer) { answer[unit_byte] = 9; });
}

TEST_CASE("A late answer to an earlier question is counted, summed up, and changes nothing else") {
    check_counted_and_nothing_else("late", [](Bytes& answer) { --answer[1]; });
}
