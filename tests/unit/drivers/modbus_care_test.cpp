#include <atomic>
#include <chrono>

#include "points_rig.hpp"
#include "simulators/devices/io_module.hpp"
#include "simulators/devices/relay_board.hpp"
#include "simulators/devices/rtu_server.hpp"
#include "simulators/devices/wago_coupler.hpp"
#include "tests/support/files.hpp"

// Modules with a life of their own: a coupler with a watchdog, a relay board that ends its pulses by itself.

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::DeviceRig;
using portcullis::testing::input;
using portcullis::testing::output;
using portcullis::testing::PointsRig;
using simulators::WagoCoupler;

namespace {

using namespace std::chrono_literals;

/// A coupler with eight inputs and four outputs, in the same context as its device.
struct WagoRig : DeviceRig {
    WagoCoupler coupler{main, 0, 8, 4};
    drivers::Device* device = nullptr;
    std::optional<CommandResult> result;
    std::uint64_t commands = 0;

    WagoRig() {
        for (std::size_t i = 0; i < 8; ++i) {
            coupler.set_input(i, true);  // closed contacts: nothing is there
        }
        device = &add("io", "{ modbus_tcp: 127.0.0.1:" + std::to_string(coupler.port()) + " }",
                      "{ poll: 10 ms, timeout: 1 s, stale_after: 4 s, contact: wet, inputs: 8, outputs: 4 }",
                      "wago-750-352", {input("di0"), input("di7"), output("do0"), output("do1")});
    }
    ~WagoRig() { stop(); }
    WagoRig(const WagoRig&) = delete;
    WagoRig& operator=(const WagoRig&) = delete;

    void ask(const std::string& point, OutputAct act, std::chrono::milliseconds pulse = {}) {
        result.reset();
        device->perform({.id = {++commands},
                         .point = PointName{point},
                         .act = act,
                         .pulse = pulse,
                         .not_after = clock.now().instant + 1h},
                        [this](const CommandResult& done) { result = done; });
    }
    CommandResult perform(const std::string& point, OutputAct act, std::chrono::milliseconds pulse = {}) {
        ask(point, act, pulse);
        until([this] { return result.has_value(); });
        return *result;
    }
    void wait(std::chrono::milliseconds time) {
        const auto until_then = clock.now().instant + time;
        until([&] { return clock.now().instant >= until_then; });
    }
};

}  // namespace

TEST_CASE("a coupler's watchdog is armed, fed while we are there, and puts outputs off when we are not") {
    WagoRig rig;
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.coupler.watchdog() == WagoCoupler::State::running);
    CHECK(rig.coupler.watchdog_time() == 20);
    CHECK(rig.perform("do1", OutputAct::on).write == WriteOutcome::done);  // read back at +512
    rig.wait(3s);
    CHECK(rig.coupler.expired() == 0);
    CHECK(rig.coupler.output(1));

    rig.device->disable();  // says no more; its safe state is written first
    rig.until([&] { return rig.coupler.expired() == 1; });
    CHECK(rig.coupler.watchdog() == WagoCoupler::State::expired);
    CHECK_FALSE(rig.coupler.output(1));
    const auto refused = rig.perform("do1", OutputAct::on);
    CHECK(refused.write == WriteOutcome::failed);
    CHECK_THAT(refused.cause, contains_text("out of service by hand"));

    rig.device->enable();
    rig.until(
        [&] { return rig.is("io", DeviceState::online) && rig.coupler.watchdog() == WagoCoupler::State::running; });
    CHECK(rig.perform("do1", OutputAct::on).write == WriteOutcome::done);
    const auto changes = rig.all<HealthChanged>("io");
    CHECK(std::any_of(changes.begin(), changes.end(), [](const HealthChanged& change) {
        return change.state == DeviceState::fault && change.cause.find("watchdog had fired") != std::string::npos;
    }));
}

TEST_CASE("a coupler that restarted is told, and moves nothing before its settings were read back") {
    WagoRig rig;
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform("do0", OutputAct::on).write == WriteOutcome::done);
    rig.coupler.restart();
    bool trusted_unset = false;
    rig.coupler.on_output([&](std::size_t, bool high) {
        trusted_unset = trusted_unset || (high && rig.coupler.watchdog() != WagoCoupler::State::running);
    });
    rig.until([&] { return rig.is("io", DeviceState::restarted); });
    rig.ask("do0", OutputAct::on);
    rig.until([&] { return rig.result && rig.is("io", DeviceState::online); });
    CHECK(rig.result->write == WriteOutcome::failed);
    CHECK_THAT(rig.result->cause, contains_text("settings are not read back yet"));
    CHECK(rig.coupler.watchdog() == WagoCoupler::State::running);
    CHECK(rig.perform("do0", OutputAct::on).write == WriteOutcome::done);
    CHECK_FALSE(trusted_unset);
}

TEST_CASE("a coupler with other modules than the settings say is a fault, and nothing is read of it") {
    DeviceRig rig;
    WagoCoupler coupler{rig.main, 0, 8, 2};
    rig.add("io", "{ modbus_tcp: 127.0.0.1:" + std::to_string(coupler.port()) + " }",
            "{ poll: 10 ms, timeout: 1 s, stale_after: 4 s, contact: wet, inputs: 8, outputs: 4 }", "wago-750-352",
            {input("di0")});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::fault); });
    CHECK_THAT(rig.all<HealthChanged>("io").back().cause, contains_text("its layout is `2`"));
    CHECK(rig.all<InputSeen>("io", "di0").empty());
    rig.stop();
}

TEST_CASE("a relay board ends its pulse by itself, and what it ended is proved") {
    PointsRig rig;
    simulators::ModbusRtuServer line{rig.main};
    simulators::RelayBoard board{rig.main};
    line.add_unit(1, [&board](auto request) { return board.answer(request); });
    line.serve_line({});
    line.pace(9600);
    auto& relay = rig.add("relay", "{ modbus_rtu: " + line.path() + ", line: 9600 8N1 }",
                          "{ poll: 100 ms, timeout: 1 s, stale_after: 4 s }", "waveshare-rtu-relay-8",
                          {output("do0"), output("do3")});
    std::vector<std::pair<std::size_t, bool>> moved;
    board.on_relay([&](std::size_t index, bool on) { moved.emplace_back(index, on); });
    rig.start();
    rig.until([&] { return rig.is("relay", DeviceState::online); });
    const auto done = rig.perform(relay, {.point = PointName{"do3"}, .act = OutputAct::pulse, .pulse = 300ms});
    CHECK(done.write == WriteOutcome::done);
    CHECK(done.readback == Signal::on);
    rig.until([&] { return relay.view().pulses_ended == 1; });
    CHECK(board.pulses_ended() == 1);
    CHECK(moved == std::vector<std::pair<std::size_t, bool>>{{3, true}, {3, false}});
    rig.stop();
}

TEST_CASE("the pulse of a board ends though nobody asks any more") {
    PointsRig rig;
    simulators::ModbusRtuServer line{rig.main};
    simulators::RelayBoard board{rig.main};
    line.add_unit(1, [&board](auto request) { return board.answer(request); });
    line.serve_line({});
    auto& relay =
        rig.add("relay", "{ modbus_rtu: " + line.path() + ", line: 9600 8N1 }",
                "{ poll: 100 ms, timeout: 200 ms, stale_after: 4 s }", "waveshare-rtu-relay-8", {output("do0")});
    rig.start();
    rig.until([&] { return rig.is("relay", DeviceState::online); });
    CHECK(rig.perform(relay, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 500ms}).write ==
          WriteOutcome::done);
    line.faults.mute = true;
    rig.until([&] { return board.pulses_ended() == 1; });
    CHECK_FALSE(board.relay(0));
    rig.stop();
}

TEST_CASE("a loop that opens and closes between two polls of a counting module is told, over a wrap too") {
    PointsRig rig;
    simulators::IoModule module{rig.main, 0, {}};
    module.set_name(0x6060);
    module.set_input(2, true);
    module.set_count(2, 0xFFFFFFFF);  // the next edge wraps
    rig.add("io", "{ modbus_tcp: 127.0.0.1:" + std::to_string(module.port()) + " }",
            "{ poll: 200 ms, timeout: 1 s, stale_after: 4 s, contact: wet }", "advantech-adam-6060", {input("di2")});
    rig.start();
    rig.until([&] { return rig.seen("di2", Signal::off, 2); });
    const auto before = rig.all<InputSeen>("io", "di2").size();
    module.set_input(2, false);
    module.set_input(2, true);
    rig.until([&] { return rig.seen("di2", Signal::off, 2) && rig.all<InputSeen>("io", "di2").size() >= before + 3; });
    const auto seen = rig.all<InputSeen>("io", "di2");
    REQUIRE(seen.size() == before + 3);
    CHECK(seen[before].signal == Signal::on);
    CHECK(seen[before + 1].signal == Signal::off);
    CHECK(seen[before + 1].equal_reads == 1);
    rig.stop();
}

TEST_CASE("an output that shows a write only later is asked again where the profile says why, and fails elsewhere") {
    const auto profile = portcullis::testing::file_text("config/profiles/advantech-adam-6050.yaml");
    const bool known = GENERATE(true, false);
    PointsRig rig;
    std::atomic<int> stale_reads{0};
    rig.stub.script(
        [&stale_reads](const portcullis::testing::Bytes& request, const portcullis::testing::Bytes& honest) {
            auto answer = honest;
            const bool reads_output = request[7] == 1 && request[9] == portcullis::testing::first_output;
            if (request[7] == portcullis::testing::write_function && request[10] == 0xFF) {
                stale_reads = 3;
            } else if (reads_output && stale_reads > 0) {
                --stale_reads;
                answer.back() = 0;
            }
            return portcullis::testing::Reply{portcullis::testing::Act::send, answer};
        });
    auto& io =
        rig.add("io", portcullis::testing::bus_of(rig.stub), "{ poll: 10 ms, timeout: 1 s, stale_after: 4 s }",
                profile + (known ? "workarounds: [ { name: read_back_within, time: 500 ms, why: it is slow } ]\n" : ""),
                {input("di0"), output("do0")});
    rig.start();
    rig.until([&] { return rig.written(portcullis::testing::first_output) == std::vector<bool>{false}; });
    const auto done = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::on});
    CHECK(done.write == (known ? WriteOutcome::done : WriteOutcome::failed));
    rig.stub.honest();
}

TEST_CASE("what a module sees is told again when its fault is over, though nothing has changed") {
    PointsRig rig;
    rig.set_clear(0);
    rig.add_io({input("di0")});
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    rig.stub.script([](const portcullis::testing::Bytes&, const portcullis::testing::Bytes& honest) {
        auto refusal = honest;
        refusal.resize(9);
        refusal[5] = 3;
        refusal[7] = static_cast<std::uint8_t>(refusal[7] | 0x80U);
        refusal[8] = 4;
        return portcullis::testing::Reply{portcullis::testing::Act::send, refusal};
    });
    rig.until([&] { return rig.is("io", DeviceState::fault); });
    const auto told = rig.all<InputSeen>("io", "di0").size();
    rig.stub.honest();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    rig.until([&] { return rig.all<InputSeen>("io", "di0").size() == told + 2; });
    CHECK(rig.seen("di0", Signal::off, 2));
}

TEST_CASE("polls are fast while a lane is busy and slow while it is idle") {
    PointsRig rig;
    auto& io = rig.add("io", portcullis::testing::bus_of(rig.stub),
                       "{ poll: 10 ms, idle_poll: 100 ms, timeout: 1 s, stale_after: 4 s }", portcullis::testing::adam,
                       {input("di0")});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    const auto polls_in = [&](std::chrono::milliseconds time) {
        const auto before = rig.stub.requests().size();
        const auto end = rig.clock.now().instant + time;
        rig.until([&] { return rig.clock.now().instant >= end; });
        return rig.stub.requests().size() - before;
    };
    io.pace(drivers::Pace::idle);
    CHECK(polls_in(1s) <= 12);
    io.pace(drivers::Pace::busy);
    CHECK(polls_in(1s) >= 25);  // 100 on a machine that has nothing else to do
}

TEST_CASE("a device that is out of service by hand is asked nothing, and told anew when it is back") {
    PointsRig rig;
    auto& io = rig.add_io({input("di0"), output("do0")});
    rig.set_clear(0);
    rig.start();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
    io.disable();
    rig.until([&] { return rig.seen("di0", Signal::unknown, 1); });
    rig.until([&] { return rig.written(portcullis::testing::first_output).size() >= 2; });  // at the start, and now
    const auto asked = rig.stub.requests().size();
    const auto end = rig.clock.now().instant + 300ms;
    rig.until([&] { return rig.clock.now().instant >= end; });
    CHECK(rig.stub.requests().size() <= asked + 1);  // the read back of the last write
    io.enable();
    rig.until([&] { return rig.seen("di0", Signal::off, 2); });
}
