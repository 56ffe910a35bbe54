#include <algorithm>

#include "device_rig.hpp"
#include "drivers/modbus_points/input_tracker.hpp"
#include "tests/support/modbus_stub.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::Bytes;
using portcullis::testing::contains_text;
using portcullis::testing::DeviceRig;
using portcullis::testing::ModbusStub;
using Act = ModbusStub::Act;
using Reply = ModbusStub::Reply;

namespace {

constexpr const char* adam = "advantech-adam-6050";
constexpr std::size_t first_output = 16;
constexpr std::uint8_t write_function = 5;

PointSetup input(const std::string& point) {
    return {.point = PointName{point}, .direction = Direction::input};
}

PointSetup output(const std::string& point, SafeOutput safe = SafeOutput::off) {
    return {.point = PointName{point}, .direction = Direction::output, .safe = safe};
}

std::string bus_of(const ModbusStub& stub) {
    return "{ modbus_tcp: 127.0.0.1:" + std::to_string(stub.port()) + " }";
}

struct Rig : DeviceRig {
    ModbusStub stub;
    std::optional<CommandResult> result;

    Device& add_io(const std::vector<PointSetup>& setups, const std::string& name = "io", int unit = 1) {
        return add(name, bus_of(stub), "{ unit: " + std::to_string(unit) + ", poll: 10 ms }", adam, setups);
    }
    /// Wired closed = clear, as a fail-safe loop is: the bit is 1 while nothing is there.
    void set_clear(std::size_t bit) { stub.set_bit(bit, true); }
    void set_occupied(std::size_t bit) { stub.set_bit(bit, false); }

    [[nodiscard]] bool seen(const std::string& point, Signal signal, std::uint8_t reads) const {
        const auto all_seen = all<InputSeen>("io", point);
        return !all_seen.empty() && all_seen.back().signal == signal && all_seen.back().equal_reads == reads;
    }
    [[nodiscard]] std::vector<Bytes> writes_of(std::size_t coil) {
        auto requests = stub.requests();
        std::erase_if(requests,
                      [coil](const Bytes& request) { return request[7] != write_function || request[9] != coil; });
        return requests;
    }
    [[nodiscard]] std::vector<bool> written(std::size_t coil) {
        std::vector<bool> values;
        for (const auto& request : writes_of(coil)) {
            values.push_back(request[10] == 0xFF);
        }
        return values;
    }
    CommandResult perform(Device& device, PointCommand command) {
        command.id = {++commands};
        command.not_after = clock.now().instant + 1h;
        result.reset();
        device.perform(command, [this](const CommandResult& done) {
            REQUIRE_FALSE(result);
            result = done;
        });
        CHECK_FALSE(result);  // never answered within the call
        until([this] { return result.has_value(); });
        CHECK(result->id == command.id);
        return *result;
    }
    std::uint64_t commands = 0;
};

}  // namespace

// ---- inputs

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
        return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x82, 2}};
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
    rig.add_io({input("di0")}, "dead", 2);
    rig.start();
    rig.until([&] { return rig.is("dead", DeviceState::offline) && rig.seen("di0", Signal::off, 2); });

    const auto asked = [&](std::uint8_t unit) {
        const auto requests = rig.stub.requests();
        return std::count_if(requests.begin(), requests.end(), [unit](const Bytes& r) { return r[6] == unit; });
    };
    const auto dead_before = asked(2);
    const auto live_before = asked(1);
    rig.until([&] { return asked(2) >= dead_before + 3; });
    // Back-off: between two attempts at the dead one the live one is read many times.
    CHECK(asked(1) - live_before >= 3 * 10);
    CHECK(rig.all<HealthChanged>("io").size() == 1);
    CHECK(rig.all<InputSeen>("io", "di0").size() == 2);
}

// ---- outputs

TEST_CASE("the safe state is written at the first contact and at an ordered stop") {
    Rig rig;
    rig.stub.set_bit(first_output, true);
    rig.stub.set_bit(first_output + 2, true);
    auto red = output("do3", SafeOutput::on);
    red.sense = OutputSense::inverted;
    rig.add_io({output("do0"), output("do1", SafeOutput::on), output("do2", SafeOutput::keep), red});
    rig.start();
    rig.until([&] { return rig.written(first_output + 3).size() == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{false});
    CHECK(rig.written(first_output + 1) == std::vector<bool>{true});
    CHECK(rig.written(first_output + 2).empty());
    CHECK(rig.written(first_output + 3) == std::vector<bool>{false});

    rig.stub.set_bit(first_output, true);
    rig.stop();
    CHECK(rig.written(first_output) == std::vector<bool>{false, false});
    CHECK(rig.written(first_output + 1) == std::vector<bool>{true, true});
    CHECK(rig.written(first_output + 2).empty());
    CHECK_FALSE(rig.stub.bit(first_output));
}

TEST_CASE("an output is moved, read back, and answered once") {
    Rig rig;
    auto& io = rig.add_io({output("do2", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    const auto result = rig.perform(io, {.point = PointName{"do2"}, .act = OutputAct::on});
    CHECK(result.write == WriteOutcome::done);
    CHECK(result.readback == Signal::on);
    CHECK(result.cause.empty());
    CHECK(rig.stub.bit(first_output + 2));
    CHECK(io.view().points.front().signal == Signal::on);

    CHECK(rig.perform(io, {.point = PointName{"do2"}, .act = OutputAct::off}).write == WriteOutcome::done);
    CHECK_FALSE(rig.stub.bit(first_output + 2));
    CHECK(rig.perform(io, {.point = PointName{"do5"}, .act = OutputAct::on}).write == WriteOutcome::failed);
}

TEST_CASE("a pulse ends by itself, once, and is counted") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    const auto result = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 200ms});
    CHECK(result.write == WriteOutcome::done);
    CHECK(result.readback == Signal::on);
    const auto second = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 200ms});
    CHECK(second.write == WriteOutcome::failed);
    CHECK_THAT(second.cause, contains_text("pulse before it"));
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("the end of a pulse is tried until it is proved, also over a loss of the device") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 100ms}).write ==
          WriteOutcome::done);
    rig.stub.go_away();
    rig.until([&] { return rig.is("io", DeviceState::offline); });
    CHECK(io.view().pulses_ended == 0);
    rig.stub.come_back();
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK_FALSE(rig.stub.bit(first_output));
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("a pulse ends at an ordered stop") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 1h}).write ==
          WriteOutcome::done);
    rig.stop();
    CHECK_FALSE(rig.stub.bit(first_output));
}

TEST_CASE("a pulse whose write was not answered is unknown, not repeated, and ended all the same") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    rig.stub.script([done = false](const Bytes& request, const Bytes& honest) mutable {
        return request[7] == write_function && !std::exchange(done, true) ? Reply{Act::silence, {}}
                                                                          : Reply{Act::send, honest};
    });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 50ms}).write ==
          WriteOutcome::unknown);
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("a command to a device that is offline fails at once and is never made up for") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    rig.stub.go_away();
    rig.until([&] { return rig.is("io", DeviceState::offline); });
    const auto result = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::on});
    CHECK(result.write == WriteOutcome::failed);
    CHECK_THAT(result.cause, contains_text("offline"));
    rig.stub.come_back();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.written(first_output).empty());
}

TEST_CASE("a down request looks at sensors of other buses, and is withdrawn when one is occupied") {
    Rig rig;
    ModbusStub other;
    auto& io = rig.add_io({output("do1", SafeOutput::keep)});
    rig.add("beams", bus_of(other), "{ poll: 10 ms }", adam, {input("di0")});
    rig.start();
    const auto beam = [&](Signal signal) {
        const auto seen = rig.all<InputSeen>("beams", "di0");
        return !seen.empty() && seen.back().signal == signal && seen.back().equal_reads == 2;
    };
    rig.until([&] { return beam(Signal::on) && rig.is("io", DeviceState::online); });
    const PointCommand down{.point = PointName{"do1"},
                            .act = OutputAct::pulse,
                            .pulse = 50ms,
                            .must_be_clear = {{DeviceName{"beams"}, PointName{"di0"}}}};
    CHECK(rig.perform(io, down).write == WriteOutcome::withdrawn);
    CHECK(rig.written(first_output + 1).empty());
    other.set_bit(0, true);
    rig.until([&] { return beam(Signal::off); });
    CHECK(rig.perform(io, down).write == WriteOutcome::done);
    rig.until([&] { return io.view().pulses_ended == 1; });

    other.go_away();
    rig.until([&] { return rig.is("beams", DeviceState::offline); });
    CHECK(rig.perform(io, down).write == WriteOutcome::withdrawn);
}

TEST_CASE("commands that wait at a stop are answered and not written later") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    int answers = 0;
    io.perform({.id = {1}, .point = PointName{"do0"}, .act = OutputAct::on, .not_after = rig.clock.now().instant + 1h},
               [&answers](const CommandResult& done) {
                   ++answers;
                   CHECK(done.write == WriteOutcome::unknown);
               });
    rig.stop();
    CHECK(answers == 1);
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
    rig.add("io", bus_of(rig.stub), "{ poll: 10 ms }", with_watchdog(on_alarm), {input("di0")});
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
