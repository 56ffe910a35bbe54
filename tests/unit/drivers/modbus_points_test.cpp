#include <atomic>

#include "points_rig.hpp"

#include "drivers/modbus_points/input_tracker.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace portcullis::testing;
using Rig = PointsRig;

TEST_CASE("an input is told at each change and once more at the second equal read") {
    InputTracker tracker;
    CHECK(tracker.read(Signal::off)->equal_reads == 1);
    CHECK(tracker.unconfirmed());
    CHECK(tracker.read(Signal::off)->equal_reads == 2);
    CHECK_FALSE(tracker.read(Signal::off));
    CHECK(tracker.read(Signal::on)->equal_reads == 1);
    CHECK(tracker.read(Signal::off)->equal_reads == 1);
    CHECK(tracker.lost()->signal == Signal::unknown);
    CHECK_FALSE(tracker.lost());
    CHECK(tracker.read(Signal::off)->equal_reads == 1);
    CHECK(tracker.read(Signal::off)->equal_reads == 2);
}

TEST_CASE("inputs are told in the wiring's sense, first at the change and then confirmed") {
    Rig rig;
    rig.set_clear(0);
    rig.stub.set_bit(3, true);
    auto beam = input("di3");
    beam.wire_open_means = WireOpen::clear;
    rig.add_io({input("di0"), beam, input("di0")});  // two lanes may share an input: it is told once
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2) && rig.seen("di3", Signal::on, 2); });
    CHECK(rig.is("io", DeviceState::online));

    rig.set_occupied(0);
    rig.until([&] { return rig.seen("di0", Signal::on, 2); });
    const auto told = rig.all<InputSeen>("io", "di0");
    REQUIRE(told.size() == 4);
    CHECK(told[2].signal == Signal::on);
    CHECK(told[2].equal_reads == 1);
    CHECK(rig.all<InputSeen>("io", "di3").size() == 2);
}

TEST_CASE("a device that falls silent is stale once, with the time at which it became so, and comes back") {
    Rig rig;
    rig.set_clear(0);
    rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    rig.stub.go_away();
    rig.until([&] { return rig.is("io", DeviceState::offline); });
    CHECK(rig.seen("di0", Signal::unknown, 1));

    Instant last_read;
    Instant stale_at;
    for (const auto& seen : rig.observations) {
        const auto* what = std::get_if<InputSeen>(&seen.what);
        (what != nullptr && what->signal == Signal::unknown ? stale_at : last_read) = seen.at;
    }
    CHECK(stale_at >= last_read);

    const auto before = rig.observations.size();
    rig.stub.come_back();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    CHECK(rig.is("io", DeviceState::online));
    CHECK(rig.observations.size() == before + 3);  // online, off, off again
    CHECK(rig.all<HealthChanged>("io").size() == 3);
}

TEST_CASE("a device is never online before a good read, and offline when there was none") {
    Rig rig;
    rig.stub.script([](const Bytes&, const Bytes&) { return Reply{Act::silence, {}}; });
    rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return !rig.all<HealthChanged>("io").empty(); });
    CHECK(rig.is("io", DeviceState::offline));
    CHECK(rig.all<HealthChanged>("io").size() == 1);
    CHECK_THAT(rig.all<HealthChanged>("io").front().cause, contains_text("no answer"));
    CHECK(rig.seen("di0", Signal::unknown, 1));
}

TEST_CASE("a device that refuses its map is faulty, and its inputs are unknown") {
    Rig rig;
    rig.stub.script([](const Bytes& request, const Bytes&) {
        return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x81, 2}};
    });
    rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::unknown, 1); });
    CHECK(rig.is("io", DeviceState::fault));
    CHECK_THAT(rig.all<HealthChanged>("io").front().cause, contains_text("illegal data address"));
}

TEST_CASE("bad frames are reported at once and then summed, and inputs do not notice one") {
    Rig rig;
    rig.set_clear(0);
    rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    rig.stub.script([n = 0](const Bytes&, Bytes honest) mutable {
        honest[6] = static_cast<std::uint8_t>(n++ < 5 ? 9 : honest[6]);
        return Reply{Act::send, honest};
    });
    auto& device = *rig.observations.begin();
    CHECK(device.device.text() == "io");
    rig.until([&] { return rig.all<BadFrames>("io").size() == 1 && rig.stub.requests().size() > 20; });
    rig.stub.honest();
    const auto reported = rig.all<BadFrames>("io");
    REQUIRE(reported.size() == 1);
    CHECK(reported.front().kind == "unit");
    CHECK(reported.front().count == 1);
    CHECK(reported.front().sample.at(6) == 9);
    rig.stop();
    std::int64_t counted = 0;
    for (const auto& frames : rig.all<BadFrames>("io")) {
        counted += frames.count;
    }
    CHECK(counted == 5);
}

TEST_CASE("one dead unit costs the others of its bus no value") {
    Rig rig;
    rig.set_clear(0);
    rig.stub.script([](const Bytes& request, const Bytes& honest) {
        return request[6] == 2 ? Reply{Act::silence, {}} : Reply{Act::send, honest};
    });
    rig.add_io({input("di0")}, "io", 1);
    rig.add("dead", bus_of(rig.stub), "{ unit: 2, poll: 10 ms, timeout: 50 ms, stale_after: 4 s }", adam,
            {input("di0")});
    rig.start();
    rig.until([&] { return rig.is("dead", DeviceState::offline) && rig.seen("di0", Signal::off, 2); });

    const auto asked = [&](std::uint8_t unit) {
        const auto requests = rig.stub.requests();
        return std::count_if(requests.begin(), requests.end(), [unit](const Bytes& r) { return r[6] == unit; });
    };
    const auto dead_before = asked(2);
    const auto live_before = asked(1);
    rig.until([&] { return asked(2) >= dead_before + 3; });
    // Back-off: between two attempts at the dead one the live one is read several times, also on a busy machine.
    CHECK(asked(1) - live_before >= 3 * 3);
    CHECK(rig.all<HealthChanged>("io").size() == 1);
    CHECK(rig.all<InputSeen>("io", "di0").size() == 2);
}

namespace {

std::string with_watchdog(const std::string& on_alarm) {
    return R"(
product: test
driver: modbus_points
source: test
verified: [inputs]
inputs: { function: 2, address: 0, count: 2, dry_open_reads: 0, wet_open_reads: 0 }
watchdog: { alarm_coil: 40, on_alarm: )" +
           on_alarm + " }\n";
}

/// Reads of the alarm coil answer what was not cleared yet.
ModbusStub::Script alarm_until_cleared() {
    return [fired = true](const Bytes& request, Bytes honest) mutable {
        if (request[9] == 40) {
            fired = fired && request[7] != write_function;
            honest.back() = static_cast<std::uint8_t>(request[7] == write_function ? honest.back() : fired ? 1 : 0);
        }
        return Reply{Act::send, honest};
    };
}

}  // namespace

TEST_CASE("a module whose host watchdog has fired is faulty, and is cleared only where the profile says so") {
    const std::string on_alarm = GENERATE("fault", "clear");
    Rig rig;
    rig.stub.script(alarm_until_cleared());
    rig.add("io", bus_of(rig.stub), std::string{"{ "} + patient + " }", with_watchdog(on_alarm), {input("di0")});
    rig.start();
    const auto writes = [&] { return rig.writes_of(40).size(); };
    if (on_alarm == "fault") {
        rig.until([&] { return rig.is("io", DeviceState::fault); });
        CHECK_THAT(rig.all<HealthChanged>("io").back().cause, contains_text("watchdog has fired"));
        CHECK(writes() == 0);
    } else {
        rig.until([&] { return writes() == 1; });
        const auto polled = rig.stub.requests().size();
        rig.until([&] { return rig.stub.requests().size() > polled + 10; });
        CHECK(rig.is("io", DeviceState::online));
        CHECK(writes() == 1);
    }
}

TEST_CASE("a fired watchdog is looked at again until it is known to be cleared, in the same connection") {
    std::atomic<int> looks = 0;
    Rig rig;
    // Fired, then an answer that says nothing, then cleared by a person.
    rig.stub.script([&looks](const Bytes& request, Bytes honest) {
        if (request[9] != 40) {
            return Reply{Act::send, honest};
        }
        const int look = ++looks;
        if (look == 2) {
            return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x81, 6}};
        }
        honest.back() = look == 1 ? 1 : 0;
        return Reply{Act::send, honest};
    });
    rig.add("io", bus_of(rig.stub), std::string{"{ "} + patient + " }", with_watchdog("fault"), {input("di0")});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::fault); });
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(looks == 3);
    CHECK(rig.stub.connections() == 1);
    CHECK(rig.all<HealthChanged>("io").size() == 3);
}

TEST_CASE("a module that was silent may have lost its host: its watchdog is looked at, also in the same connection") {
    std::atomic<int> looks = 0;
    std::atomic<bool> busy = false;
    Rig rig;
    rig.set_clear(0);
    rig.stub.script([&](const Bytes& request, const Bytes& honest) {
        looks += request[9] == 40 ? 1 : 0;
        const auto refused = static_cast<std::uint8_t>(request[7] | 0x80U);
        return busy ? Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], refused, 6}}
                    : Reply{Act::send, honest};
    });
    rig.add("io", bus_of(rig.stub), "{ poll: 10 ms, timeout: 1 s, stale_after: 2 s }", with_watchdog("fault"),
            {input("di0")});
    rig.start();
    rig.until([&] { return looks > 0 && rig.seen("di0", Signal::off, 2); });
    busy = true;  // refusals do not break the connection
    rig.until([&] { return rig.seen("di0", Signal::unknown, 1); });
    const int before = looks;
    busy = false;
    rig.until([&] { return looks > before; });
}
