// The built daemon on a WAGO coupler (inputs and lights) and a Waveshare board (arm), with trucks that carry nothing.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "simulators/devices/relay_board.hpp"
#include "simulators/devices/rtu_server.hpp"
#include "simulators/devices/wago_coupler.hpp"
#include "simulators/rig/child_process.hpp"
#include "tests/integration/daemon_status.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;
using simulators::WagoCoupler;

/// Inputs of the coupler: an open contact means occupied, or the limit reached.
enum Input : std::size_t { arrival, under_arm, exit_loop, open_limit, closed_limit, beam_fore, beam_mid, beam_aft };
constexpr std::size_t go_light = 0;

constexpr const char* settings_form = R"(
gate: { terminal: demo, name: g9, test_bench: true }
state: STATE
control_socket: STATE/control
uplink:
  - { name: supervision, broker: mqtt://127.0.0.1:1 }
trust: { orders_key: 03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8 }
policy: policy.yaml
buses:
  field: { modbus_tcp: 127.0.0.1:PORT }
  relays: { modbus_rtu: LINE, line: 9600 8N1 }
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

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// Both modules, and a daemon that uses them.
class ModuleBench {
public:
    ModuleBench() {
        for (std::size_t i = 0; i < 8; ++i) {
            coupler.set_input(i, i != closed_limit);
        }
        line_.add_unit(1, [this](auto request) { return board.answer(request); });
        line_.serve_line(folder() / "relays");
        line_.pace(9600);
        std::ofstream{folder() / "policy.yaml"} << "rows:\n  - { movement: no_box, without_order: release }\n";
        auto text = replaced(settings_form, "STATE", folder().string());
        text = replaced(text, "PORT", std::to_string(coupler.port()));
        std::ofstream{folder() / "gate.yaml"} << replaced(text, "LINE", line_.path());
    }

    void start() {
        start_unserviced();
        in_service();
    }
    void start_unserviced() {
        daemon_ = std::make_unique<rig::ChildProcess>(
            std::vector<std::string>{program("portcullisd"), "--profiles", "config/profiles", "--settings",
                                     (folder() / "gate.yaml").string()},
            folder() / "log");
    }
    void in_service() {
        until("the daemon is in service", [this] {
            const auto now = status();
            return now && now->in_service();
        });
    }
    void signal(int number) { daemon_->signal(number); }

    [[nodiscard]] std::optional<DaemonStatus> status() const { return DaemonStatus::ask(folder() / "control"); }
    void until(const std::string& what, const std::function<bool()>& so) {
        for (const auto give_up = std::chrono::steady_clock::now() + 60s; !so();) {
            if (std::chrono::steady_clock::now() > give_up) {
                FAIL("waited for this in vain: " << what << "\n" << file_text(folder() / "log"));
            }
            context.restart();
            context.run_for(10ms);
        }
    }
    void wait(std::chrono::milliseconds time) {
        context.restart();
        context.run_for(time);
    }
    /// Runs `portcullis …` beside the simulators, and gives what it printed.
    std::string portcullis(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), program("portcullis"));
        const auto output = folder() / ("output-" + std::to_string(++runs_));
        rig::ChildProcess child{arguments, output};
        std::optional<int> ended;
        until("portcullis has ended", [&] {
            ended = child.ended();
            return ended.has_value();
        });
        auto printed = file_text(output);
        INFO(printed);
        CHECK(ended == 0);
        return printed;
    }
    std::string events(const std::string& type) {
        return portcullis({"journal", "show", "--socket", (folder() / "control").string(), "--type", type, "--json"});
    }
    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t times = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
            ++times;
        }
        return times;
    }

    /// An empty truck comes, is let through by the arm, and leaves.
    void truck_passes() {
        const auto pulses = board.pulses_ended();
        coupler.set_input(arrival, false);
        until("the board has pulsed the arm up", [&] { return board.pulses_ended() == pulses + 1; });
        coupler.set_input(closed_limit, true);
        wait(200ms);
        coupler.set_input(open_limit, false);
        until("the light is green", [&] { return coupler.output(go_light); });
        coupler.set_input(under_arm, false);
        until("the light is red", [&] { return !coupler.output(go_light); });
        coupler.set_input(arrival, true);
        wait(200ms);
        coupler.set_input(exit_loop, false);
        wait(200ms);
        coupler.set_input(under_arm, true);
        wait(200ms);
        coupler.set_input(exit_loop, true);
        until("the passage has ended", [&] {
            const auto now = status();
            return now && now->states("out-1").empty();
        });
        coupler.set_input(open_limit, true);
        wait(200ms);
        coupler.set_input(closed_limit, false);
        until("the arm is down", [&] {
            const auto now = status();
            return now && now->arm("out-1") == "down";
        });
    }

    [[nodiscard]] static std::string program(const std::string& name) {
        const auto* const folder = std::getenv("PORTCULLIS_BIN");
        REQUIRE(folder != nullptr);
        return std::string{folder} + "/" + name;
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path; }

private:
    struct Folder {
        Folder() {
            std::string form = (std::filesystem::temp_directory_path() / "portcullis-modules-XXXXXX").string();
            REQUIRE(mkdtemp(form.data()) != nullptr);
            path = form;
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
        Folder(const Folder&) = delete;
        Folder& operator=(const Folder&) = delete;
        std::filesystem::path path;
    };
    Folder folder_;

public:
    boost::asio::io_context context;
    WagoCoupler coupler{context, 0, 8, 4};
    simulators::RelayBoard board{context};

private:
    simulators::ModbusRtuServer line_{context};
    std::unique_ptr<rig::ChildProcess> daemon_;
    int runs_ = 0;
};

}  // namespace

TEST_CASE("A daemon that hangs leaves the coupler to its watchdog, and trusts it again only after its settings") {
    ModuleBench bench;
    bench.start();
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
    CHECK(ModuleBench::count(states, "\"restarted\"") == 1);
    CHECK(ModuleBench::count(bench.events("passage.ended"), "\"cleared\"") == 3);
    const auto inventory = bench.events("device.inventory");
    CHECK_THAT(inventory, contains_text("W-77") && contains_text("750-352") && contains_text("WAGO"));
}

TEST_CASE("A device out of service by hand is recorded, stays so over a restart of the daemon, and comes back") {
    ModuleBench bench;
    bench.start();
    const auto socket = (bench.folder() / "control").string();
    bench.portcullis(
        {"device", "disable", "relay", "--socket", socket, "--reason", "its cover is open"});
    const auto shown = [&](const std::string& word) {
        const auto now = bench.status();
        return now && now->text().find("\"state\":\"" + word + "\"") != std::string::npos;
    };
    bench.until("the relay is shown as disabled", [&] { return shown("disabled"); });
    bench.signal(SIGKILL);
    bench.until("it is gone", [&] { return !bench.status(); });
    bench.start_unserviced();
    bench.until("it still is", [&] { return shown("disabled"); });
    bench.portcullis({"device", "enable", "relay", "--socket", socket});
    bench.in_service();
    bench.truck_passes();
    CHECK_THAT(bench.events("device.disabled"), contains_text("its cover is open"));
    CHECK(ModuleBench::count(bench.events("device.enabled"), "device.enabled") >= 1);
}

}  // namespace portcullis::testing
