// What a gate writes while every device of it is dead: bounded, whatever the devices do instead of answering.
#include <filesystem>

#include "simulators/devices/modbus_server.hpp"
#include "tests/integration/lone_daemon.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto looked_at = 62s;  // what is told once a minute is in it
/// Of log and journal together, each device: about a line and an event a minute.
constexpr std::int64_t most_bytes_an_hour = std::int64_t{96} * 1024;

std::string dead_lane(std::uint16_t mute, std::uint16_t babbling) {
    return "buses:\n  refused: { modbus_tcp: 127.0.0.1:1 }\n"
           "  mute: { modbus_tcp: 127.0.0.1:" +
           std::to_string(mute) +
           " }\n"
           "  babbling: { modbus_tcp: 127.0.0.1:" +
           std::to_string(babbling) + R"( }
  unplugged: { serial: /tmp/portcullis-no-such-port, line: 9600 8N1 }
devices:
  io: { profile: advantech-adam-6050, bus: refused }
  boxes: { profile: container-registers, bus: mute }
  other: { profile: container-registers, bus: babbling }
  plates: { profile: plate-line-gbk, bus: unplugged }
lanes:
  out-1:
    way: out
    arm: { control: pulse, close: board_on_clear, on_power_loss: stays, on_power_return: stays }
    on_inspect: open
    on_hold: turn_back
    load: trust_readers
    requires: [plate, container]
    roles:
      arrival_loop: io.di0
      arm_loop: io.di1
      exit_loop: io.di2
      arm_open_limit: io.di3
      arm_closed_limit: io.di4
      arm_up: { point: io.do0, pulse: 500 ms }
      light_go: io.do1
      plate_front: plates
      container_rear: boxes
      container_front: other
)";
}

TEST_CASE("A gate whose every device is dead writes a bounded number of bytes an hour") {
    LoneDaemon daemon;
    const auto nothing = [](auto) { return simulators::Pdu{}; };
    simulators::ModbusServer mute{daemon.context, 0, 1, nothing};
    mute.faults.mute = true;
    simulators::ModbusServer babbling{daemon.context, 0, 1, [](auto request) {
                                          return simulators::Pdu{request[0], 2, 0, 0};
                                      }};
    babbling.faults.answer_as_unit = 9;
    daemon.settings(dead_lane(mute.port(), babbling.port()));
    daemon.start();
    daemon.until("all devices are dead", [&] {
        const auto now = daemon.status();
        return now && times_in(now->text(), "\"state\":\"offline\"") >= 3;
    });
    daemon.wait(2s);
    const auto log_bytes = [&] { return static_cast<std::int64_t>(std::filesystem::file_size(daemon.log())); };
    const auto last = [&] { return daemon.status()->last(); };
    const auto log_before = log_bytes();
    const auto last_before = last();
    daemon.wait(looked_at);
    const auto events = last() - last_before;
    const auto logged = log_bytes() - log_before;
    // An event of a device is about 1 KiB in the journal.
    const auto an_hour = (logged + events * 1024) * (3600s / looked_at);
    INFO("bytes an hour with four dead devices: " << an_hour << " (" << logged << " logged and " << events
                                                  << " events in a minute)");
    CHECK(an_hour <= 4 * most_bytes_an_hour);
}

}  // namespace
}  // namespace portcullis::testing
