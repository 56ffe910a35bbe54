// Devices that talk nonsense beside a truck: it is counted and told, and the truck leaves as ever.
#include <algorithm>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

/// Lets a device misbehave until the daemon has counted a bad frame more.
void until_counted(GateBench& bench, const std::string& device, const std::function<void()>& misbehave) {
    const auto counted = [&] { return bench.status()->bad_frames(device); };
    const auto before = counted();
    misbehave();
    bench.until("a bad frame of " + device + " is counted", [&] { return counted() > before; });
}

bool told(const GateBench& bench, const std::string& kind) {
    const auto frames = bench.events("device.bad_frame");
    return std::any_of(frames.begin(), frames.end(),
                       [&](const auto* event) { return run::text_of(*event, "kind") == kind; });
}

TEST_CASE("Bad frames beside a truck are counted and told, and the truck leaves as ever") {
    GateBench bench;
    auto& lane = bench.lane();
    auto& module = lane.rig().io().server();
    auto& camera = lane.rig().plate_reader();
    const auto plates = "plate_front-" + lane.name();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    until_counted(bench, lane.io(), [&] { module.faults.answer_length = 90; });
    module.faults = {};
    until_counted(bench, lane.io(), [&] { module.faults.answer_as_unit = 9; });
    module.faults = {};
    until_counted(bench, plates, [&] { camera.send("\x80\x01 \xFE,\x7F\r\n"); });
    until_counted(bench, plates, [&] { camera.send("a line without an end"); });
    lane.is_read({truck.plate, "CSQU3054384"});
    bench.until_central_has("reading.taken",
                            [](const auto& reading) { return run::text_of(reading, "defect") == "check_digit"; });
    lane.is_read(truck);
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"cleared"});
    CHECK(bench.events("passage.detected").size() == 1);
    CHECK(lane.ups() == 1);
    for (const auto* kind : {"length", "unit", "encoding", "no_end"}) {
        INFO(kind);
        CHECK(told(bench, kind));
    }
    for (const auto* state : bench.events("device.state")) {
        CHECK(run::text_of(*state, "state") == "online");
    }
}

}  // namespace
}  // namespace portcullis::testing
