// The built daemon on a WAGO coupler (inputs and lights) and a Waveshare board (arm), with trucks that carry nothing.
#include <csignal>

#include "simulators/devices/relay_board.hpp"
#include "simulators/devices/rtu_server.hpp"
#include "simulators/devices/wago_coupler.hpp"
#include "tests/integration/lone_daemon.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;
using simulators::WagoCoupler;

/// Inputs of the coupler: an open contact means occupied, or the limit reached.
enum CouplerInput : std::size_t { arrival, under_arm, exit_loop, open_limit, closed_limit };
constexpr std::size_t go_light = 0;

std::string coupler_and_relays(std::uint16_t port, const std::string& line) {
    return "buses:\n  field: { modbus_tcp: 127.0.0.1:" + std::to_string(port) +
           " }\n"
           "  relays: { modbus_rtu: " +
           line + R"(, line: 9600 8N1 }
devices:
  io: { profile: wago-750-352, bus: field, contact: wet, inputs: 8, outputs: 4, timeout: 1 s, stale_after: 3 s }
  relay: { profile: waveshare-rtu-relay-8, bus: relays, timeout: 1 s, stale_after: 3 s, serial_number: W-77 }
lanes:
  out-1:
    way: out
    arm: { control: pulse, close: board_on_clear, on_power_loss: stays, on_power_return: stays }
    on_inspect: open
    on_hold: turn_back
    load: beams
    requires: []
    identify_within: 1 s
    roles:
      arrival_loop: io.di0
      arm_loop: io.di1
      exit_loop: io.di2
      arm_open_limit: io.di3
      arm_closed_limit: io.di4
      load_beam_fore: io.di5
      load_beam_mid: io.di6
      load_beam_aft: io.di7
      arm_up: { point: relay.do0, pulse: 500 ms }
      light_go: io.do0
)";
}

/// Both modules, and a daemon that uses them.
struct ModuleBench : LoneDaemon {
    WagoCoupler coupler{context, 0, 8, 4};
    simulators::RelayBoard board{context};
    simulators::ModbusRtuServer line{context};

    ModuleBench() {
        for (std::size_t i = 0; i < 8; ++i) {
            coupler.set_input(i, i != closed_limit);
        }
        line.add_unit(1, [this](auto request) { return board.answer(request); });
        line.serve_line(folder() / "relays");
        line.pace(9600);
        settings(coupler_and_relays(coupler.port(), line.path()));
    }

    void moves(CouplerInput input, bool on) {
        coupler.set_input(input, !on);
        wait(200ms);
    }
    /// An empty truck comes, is let through by the arm, and leaves.
    void truck_passes() {
        const auto pulses = board.pulses_ended();
        moves(arrival, true);
        until("the board has pulsed the arm up", [&] { return board.pulses_ended() == pulses + 1; });
        moves(closed_limit, false);
        moves(open_limit, true);
        until("the light is green", [&] { return coupler.output(go_light); });
        moves(under_arm, true);
        until("the light is red", [&] { return !coupler.output(go_light); });
        moves(arrival, false);
        moves(exit_loop, true);
        moves(under_arm, false);
        moves(exit_loop, false);
        until("the passage has ended", [&] {
            const auto now = status();
            return now && now->states("out-1").empty();
        });
        moves(open_limit, false);
        moves(closed_limit, true);
        until("the arm is down", [&] {
            const auto now = status();
            return now && now->arm("out-1") == "down";
        });
    }
    [[nodiscard]] bool shows(const std::string& word) const {
        const auto now = status();
        return now && now->text().find("\"state\":\"" + word + "\"") != std::string::npos;
    }
};

TEST_CASE("A daemon that hangs leaves the coupler to its watchdog, and trusts it again only after its settings") {
    ModuleBench bench;
    bench.start();
    bench.in_service();
    CHECK(bench.coupler.watchdog() == WagoCoupler::State::running);
    bench.truck_passes();

    bench.signal(SIGSTOP);
    bench.until("the watchdog has expired", [&] { return bench.coupler.expired() == 1; });
    bench.signal(SIGCONT);
    bench.until("the watchdog runs again", [&] { return bench.coupler.watchdog() == WagoCoupler::State::running; });
    bench.in_service();
    bench.truck_passes();

    bench.coupler.restart();
    bench.until("the coupler is set again", [&] { return bench.coupler.watchdog() == WagoCoupler::State::running; });
    bench.in_service();
    bench.truck_passes();
    CHECK(bench.coupler.unwatched_writes() == 0);
    CHECK(bench.coupler.watchdog_time() == 20);
    CHECK(bench.board.pulses_ended() == 3);

    const auto states = bench.events("device.state");
    CHECK_THAT(states, contains_text("watchdog had fired") && contains_text("does not run any more"));
    CHECK(times_in(states, "\"restarted\"") == 1);
    CHECK(times_in(bench.events("passage.ended"), R"("outcome":"cleared")") == 3);
    CHECK_THAT(bench.events("device.inventory"),
               contains_text("W-77") && contains_text("750-352") && contains_text("WAGO"));
}

TEST_CASE("A device out of service by hand is recorded, stays so over a restart of the daemon, and comes back") {
    ModuleBench bench;
    bench.start();
    bench.in_service();
    const auto socket = bench.socket().string();
    bench.portcullis({"device", "disable", "relay", "--socket", socket, "--reason", "its cover is open"});
    bench.until("the relay is shown as disabled", [&] { return bench.shows("disabled"); });
    bench.signal(SIGKILL);
    bench.until("it is gone", [&] { return !bench.status(); });
    bench.start();
    bench.until("it still is", [&] { return bench.shows("disabled"); });
    bench.portcullis({"device", "enable", "relay", "--socket", socket});
    bench.in_service();
    bench.truck_passes();
    CHECK_THAT(bench.events("device.disabled"), contains_text("its cover is open") && contains_text("arm_up"));
    CHECK(times_in(bench.events("device.enabled"), "device.enabled.v1\"") >= 1);
}

}  // namespace
}  // namespace portcullis::testing
