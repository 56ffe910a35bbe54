// kill -9 between the rise and the fall of the arm's output: the module ends the pulse, nobody makes a second one.
#include "simulators/rig/lane_rig.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

TEST_CASE("The daemon killed inside a pulse: the module's watchdog ends it, and no second one comes") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    bool killed = false;
    lane.on_arm_up([&] {
        bench.kill();
        killed = true;
    });
    lane.arrives();
    lane.is_read(truck);
    bench.until("the daemon is killed in its write", [&] { return killed; });
    CHECK(lane.arm_up_output());
    CHECK_FALSE(bench.status());
    bench.until("the module's watchdog lets the output fall", [&] { return !lane.arm_up_output(); });
    CHECK(lane.rig().io().watchdog_fired() == 1);
    lane.on_arm_up({});

    SECTION("the arm went up, and the truck goes through") {
        lane.arm_opens();
        bench.start();
        lane.goes_under();
        lane.leaves();
        lane.arm_closes();
        bench.prove_stream();
        CHECK(bench.outcomes() == std::vector<std::string>{"cleared"});
        CHECK(bench.events("order.used").size() == 1);
    }
    SECTION("the arm did not move, the truck waits a while and backs out: a restart repeats no command") {
        bench.start();
        lane.wait_for_state("refused");  // nobody has read it again
        lane.backs_out();
        bench.prove_stream();
        CHECK(bench.outcomes() == std::vector<std::string>{"turned_away"});
    }
    CHECK(lane.ups() == 1);
    const auto commanded = bench.events("arm.commanded");
    const auto results = bench.events("arm.result");
    REQUIRE_FALSE(results.empty());
    CHECK(run::text_of(*commanded.front(), "command") == "up");
    CHECK(run::text_of(*results.front(), "write") == "unknown");
    CHECK(results.front()->data.at("commanded_sequence") == commanded.front()->sequence);
    CHECK(results.size() == commanded.size());
}

}  // namespace
}  // namespace portcullis::testing
