// What a person says to the running daemon about radiation and vehicles, over its control socket.
#include <fstream>

#include "codec/vehicles_document.hpp"
#include "runtime/clock.hpp"
#include "simulators/rig/gate_settings.hpp"
#include "tests/integration/signed_port.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {

namespace {

using namespace std::chrono_literals;

const Truck laden{"闽D12345", "CSQU3054383"};

story::LaneKind monitored_lane() {
    story::LaneKind lane;
    lane.radiation = story::MonitorKind::lines;
    return lane;
}

/// As long as a truck is in it; the monitor tells of its end right afterwards.
void goes_through_the_beam(GateBench& bench, HandLane& lane, simulators::Radiates what) {
    const runtime::SystemClock clock;
    const auto wait = [&](const char* until, std::chrono::milliseconds time) {
        const auto began = clock.now().instant;
        bench.until(until, [&] { return clock.now().instant - began > time; });
    };
    lane.rig().put_in_beam(what);
    wait("the box is in the beam", 4s);
    lane.rig().put_in_beam(std::nullopt);
    wait("the beam is free", 1s);
}

std::string sealed_vehicles(std::int64_t version) {
    const auto now = runtime::SystemClock{}.now().wall;
    const VehicleList list{{rig::terminal_name, {"*"}, version, now - 1h, now + 24h * 7},
                           {{PlateNumber::parse(laden.plate).value(), TareCovers::vehicle, 15'000}}};
    return sealed("vehicles", codec::write_vehicles(list), {"customs"});
}

}  // namespace

TEST_CASE("A neutron alarm holds its vehicle and stays latched until a person acknowledges it, who opens nothing") {
    SignedPort port{{monitored_lane()}};
    auto& bench = port.bench();
    auto& lane = port.lane();
    port.start();
    bench.order({released(laden)});
    port.portcullis({"radiation", "acknowledge", lane.name(), "--actor", "3507112", "--reason", "nothing there"}, 1);

    goes_through_the_beam(bench, lane, simulators::Radiates::neutron);
    lane.arrives();
    lane.is_read(laden);
    bench.until_central_has("radiation.alarm");
    lane.wait_for_state("refused");
    bench.until_central_has("verdict.issued");
    CHECK(run::text_of(*bench.events("verdict.issued").back(), "outcome") == "hold");

    const auto said = port.portcullis(
        {"radiation", "acknowledge", lane.name(), "--actor", "3507112", "--reason", "bananas, measured by hand"});
    CHECK_THAT(said, contains_text("opens nothing") || contains_text("nothing opens by it"));
    bench.until_central_has("radiation.acknowledged");
    CHECK_FALSE(lane.arm_up_output());
    CHECK(lane.ups() == 0);
    lane.backs_out();
    bench.until_central_has("passage.ended");
    CHECK(bench.outcomes() == std::vector<std::string>{"turned_away"});
    bench.prove_stream();
}

TEST_CASE("A test object is announced over the socket, and what passes then is nobody's") {
    SignedPort port{{monitored_lane()}};
    auto& bench = port.bench();
    auto& lane = port.lane();
    port.start();
    const auto said = port.portcullis({"radiation", "test", lane.name(), "--actor", "3507112"});
    CHECK_THAT(said, contains_text("bring the test object through"));
    goes_through_the_beam(bench, lane, simulators::Radiates::neutron);
    bench.until_central_has("radiation.tested",
                            [](const auto& event) { return run::text_of(event, "result") == "seen"; });
    CHECK(bench.events("radiation.alarm").empty());
    port.portcullis({"radiation", "test", "nowhere"}, 1);
    bench.prove_stream();
}

TEST_CASE("A vehicle list comes as a file, an older one never again, and no plate of it is shown") {
    SignedPort port;
    auto& bench = port.bench();
    port.start();
    CHECK_THAT(port.portcullis({"vehicles", "show"}), contains_text("no vehicle's tare is known"));
    const auto file = bench.gate().state() / "vehicles.json";
    const auto import = [&](std::int64_t version, int exit_code) {
        std::ofstream{file} << sealed_vehicles(version) << "\n";
        return port.portcullis({"vehicles", "import", file.string()}, exit_code);
    };
    import(2, 0);
    const auto shown = port.portcullis({"vehicles", "show"});
    CHECK_THAT(shown, contains_text("vehicle list: 2 fresh") && !contains_text(laden.plate));
    import(1, 1);
    bench.until_central_has("document.refused",
                            [](const auto& event) { return run::text_of(event, "cause") == "version"; });
    bench.kill_and_restart();
    CHECK_THAT(port.portcullis({"vehicles", "show"}), contains_text("vehicle list: 2 fresh"));
    bench.prove_stream();
}

}  // namespace portcullis::testing
