// `portcullis device` beside the running daemon: what a technician sees and may do.
#include "tests/integration/gate_bench.hpp"
#include "tests/integration/programs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

struct DeviceBench {
    GateBench bench;
    Programs programs{bench};
    int steps = 0;

    DeviceBench() { bench.start(); }

    std::string device(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), "device");
        arguments.insert(arguments.begin() + 1, {"--socket", programs.socket()});
        return programs.portcullis(arguments, exit_code);
    }
    /// While a command runs, again and again: it may take its time to begin.
    void again_and_again(const std::function<void()>& happens) {
        constexpr int every = 40;
        bench.lane().rig().on_step([this, happens] {
            if (++steps % every == 0) {
                happens();
            }
        });
    }
    /// Once, when the next test of a device has begun; and what follows soon after.
    void in_the_next_test(const std::function<void()>& happens, const std::function<void()>& follows = {}) {
        constexpr int soon = 20;
        const auto before = modes().size();
        bench.lane().rig().on_step([this, happens, follows, before, since = 0]() mutable {
            since += modes().size() > before ? 1 : 0;
            if (since == 1) {
                happens();
            } else if (since == soon && follows) {
                follows();
            }
        });
    }
    [[nodiscard]] std::vector<std::string> modes() const {
        std::vector<std::string> seen;
        for (const auto* event : bench.events("device.mode")) {
            seen.push_back(run::text_of(*event, "mode") + ", " + run::text_of(*event, "cause"));
        }
        return seen;
    }
};

std::uint32_t low_first(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | static_cast<std::uint8_t>(bytes.at(at + i));
    }
    return value;
}

}  // namespace

TEST_CASE_METHOD(DeviceBench, "A technician sees every device and what goes over its wire while it goes") {
    const auto list = device({"list"});
    CHECK_THAT(list, contains_text("io-out-1") && contains_text("advantech-adam-6050") && contains_text("online"));
    CHECK_THAT(list, contains_text("bus io-out-1: modbus_tcp 127.0.0.1:"));
    CHECK_THAT(list, contains_text("bus plate_front-out-1: serial /") && contains_text("9600 8N1"));
    CHECK_THAT(device({"list", "--json"}), contains_text("\"last_good\":\"20"));

    again_and_again([this, on = false]() mutable { bench.lane().rig().set_input(Role::arrival_loop, on = !on); });
    const auto wire = device({"watch", bench.lane().io(), "--seconds", "4"});
    CHECK_THAT(wire, contains_text(">> ") && contains_text("unit 1 read") && contains_text("unit 1: "));
    CHECK_THAT(wire, contains_text("== ") && contains_text("di0 on"));
    again_and_again([this] { bench.lane().rig().show_plate(truck.plate); });
    const auto plates = device({"watch", "plate_front-" + bench.lane().name(), "--seconds", "4"});
    CHECK_THAT(plates, contains_text("2C") && contains_text("‹CR›‹LF›"));
    CHECK_THAT(plates, contains_text("reading " + truck.plate));
    CHECK_THAT(device({"watch", "nobody", "--seconds", "1"}, 1), contains_text("there is no device \"nobody\""));
}

TEST_CASE_METHOD(DeviceBench, "A trace of a bus is a capture file and stays within its bounds") {
    const auto file = programs.file("io.pcap");
    CHECK_THAT(device({"trace", bench.lane().io(), "--seconds", "2", "-o", file.string()}), contains_text("frames"));
    const auto bytes = file_text(file.string());
    REQUIRE(bytes.size() > 500);
    CHECK(low_first(bytes, 0) == 0xA1B2C3D4);
    CHECK(low_first(bytes, 20) == 1);
    // The first packet's TCP ports, behind Ethernet and IP: one of them is that of Modbus.
    const auto port_at = [&bytes](std::size_t at) {
        return static_cast<unsigned>(static_cast<std::uint8_t>(bytes.at(at))) << 8U |
               static_cast<std::uint8_t>(bytes.at(at + 1));
    };
    constexpr std::size_t tcp = 24 + 16 + 14 + 20;
    CHECK((port_at(tcp) == 502 || port_at(tcp + 2) == 502));
    const auto small = programs.file("small.pcap");
    CHECK_THAT(device({"trace", bench.lane().io(), "--seconds", "20", "--limit", "1000", "-o", small.string()}),
               contains_text("full"));
    CHECK(std::filesystem::file_size(small) <= 1000);
}

TEST_CASE_METHOD(DeviceBench, "A device in test is away from its lanes, moves outputs one by one, and never an arm") {
    const auto io = bench.lane().io();
    const auto before = bench.lane().ups();
    in_the_next_test([this] { bench.lane().rig().set_input(Role::arrival_loop, true); },
                     [this] { bench.lane().rig().set_input(Role::arrival_loop, false); });
    const auto tested = device({"test", io, "--seconds", "15", "--move", "do3", "--act", "on"});
    CHECK_THAT(tested, contains_text("in test") && contains_text("output do3 on: done, reads back on"));
    CHECK_THAT(tested, contains_text("di0 on") && contains_text("with its lanes again"));
    CHECK(bench.events("passage.detected").empty());
    CHECK_THAT(device({"test", io, "--seconds", "1", "--move", "do0"}, 1), contains_text("arms are locked"));
    CHECK_THAT(device({"test", io, "--seconds", "1", "--move", "do0", "--arms"}, 1),
               contains_text("was automatic when the test began"));
    bench.until("the lane is in service again", [this] {
        const auto now = bench.status();
        return now && now->in_service();
    });
    CHECK(bench.lane().ups() == before);
    bench.until_central_has("device.mode", [](const auto& event) { return run::text_of(event, "mode") == "normal"; });
    CHECK(modes().at(0) == "test, by_hand");
    CHECK(modes().at(1) == "normal, by_hand");
    bench.prove_stream();
}

TEST_CASE_METHOD(DeviceBench, "A vehicle goes before a test, and ends one that has begun") {
    const auto plates = "plate_front-" + bench.lane().name();
    bench.order({released(truck)});
    bench.lane().arrives();
    CHECK_THAT(device({"test", plates, "--seconds", "1"}, 1), contains_text("has a vehicle"));
    bench.lane().is_read(truck);
    bench.lane().arm_opens();
    bench.lane().goes_under();
    bench.lane().leaves();
    bench.lane().arm_closes();
    in_the_next_test([this] { bench.lane().rig().set_input(Role::arrival_loop, true); });
    CHECK_THAT(device({"test", plates, "--seconds", "20"}, 1), contains_text("a vehicle came into lane out-1"));
    bench.until_central_has("device.mode", [](const auto& event) { return run::text_of(event, "mode") == "normal"; });
    CHECK(modes().back() == "normal, a vehicle came into lane out-1");
}

TEST_CASE_METHOD(DeviceBench, "Two masters are never put on a bus of the daemon") {
    const auto endpoint = "127.0.0.1:" + std::to_string(bench.lane().rig().io_port());
    CHECK_THAT(device({"scan", endpoint, "--units", "1"}, 1), contains_text("the daemon has " + endpoint));
    const auto port = bench.lane().rig().plate_reader().path();
    CHECK_THAT(device({"learn", port, "--seconds", "1"}, 1), contains_text("the daemon has " + port));
}

TEST_CASE_METHOD(DeviceBench, "What a device of the daemon says becomes a recording that its profile plays") {
    const auto file = programs.file("plates.yaml");
    again_and_again([this] { bench.lane().rig().show_plate(truck.plate); });
    device({"record", "plate_front-" + bench.lane().name(), "-o", file.string(), "--seconds", "4"});
    CHECK_THAT(device({"play", file.string(), "--profile", "config/profiles/plate-line-gbk.yaml"}),
               contains_text("reading " + truck.plate));
    const auto modbus = programs.file("io.yaml");
    device({"record", bench.lane().io(), "-o", modbus.string(), "--seconds", "2"});
    CHECK_THAT(file_text(modbus.string()), contains_text("- { ask: \"TT TT 00 00"));
}

}  // namespace portcullis::testing
