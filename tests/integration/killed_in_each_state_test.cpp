// kill -9 in each state of a passage: the same passage goes on, no arm goes up twice for it, and nothing of the stream
// is lost, repeated or out of order.
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

using Texts = std::vector<std::string>;

const Truck truck{"闽D12345", "CSQU3054383"};
const Truck second{"闽D18181", "HLBU0528142"};

/// A lane in which a targeted box is `on_inspect`.
story::LaneKind lane_with(OnInspect on_inspect) {
    story::LaneKind kind;
    kind.on_inspect = on_inspect;
    return kind;
}

/// Kills the daemon in this state; after the restart the lane has the same passages, and no command that it repeats.
void kill_in(GateBench& bench, const Texts& states) {
    auto& lane = bench.lane();
    bench.until("the states in which it is killed", [&] {
        const auto status = bench.status();
        return status && status->states(lane.name()) == states;
    });
    const auto ups = lane.ups();
    bench.kill_and_restart();
    CHECK(bench.status()->states(lane.name()).size() == states.size());
    CHECK(lane.ups() == ups);
}

TEST_CASE("Killed while a truck arrives behind another, both go on and leave on their own orders") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck), released(second)});
    lane.arrives();
    lane.is_read(truck);
    lane.arm_opens();
    lane.goes_under();
    lane.arrives();
    kill_in(bench, {"passing", "arriving"});
    lane.leaves();
    lane.arm_closes();
    lane.is_read(second);
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"cleared", "cleared"});
    CHECK(bench.events("order.used").size() == 2);
    CHECK(lane.ups() == 2);
}

TEST_CASE("Killed while a truck is identified, it is read again and leaves") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    kill_in(bench, {"identifying"});
    lane.is_read(truck);
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"cleared"});
    CHECK(bench.events("order.used").size() == 1);
    CHECK(lane.ups() == 1);
}

TEST_CASE("Killed while a truck is decided and waits for the arm, it is decided again and leaves") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.arm_between_limits();
    lane.is_read(truck);
    bench.until_central_has("verdict.issued");
    kill_in(bench, {"deciding"});
    lane.is_read(truck);
    bench.until_central_has("verdict.issued", [&](const auto& verdict) {
        return verdict.sequence > bench.events("stream.opened").back()->sequence;
    });
    lane.arm_is_down();
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"cleared"});
    CHECK(bench.events("order.used").size() == 1);
    CHECK(lane.ups() == 1);
}

TEST_CASE("Killed while a truck is permitted, it leaves through the open arm and its order is used") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.is_read(truck);
    lane.arm_opens();
    kill_in(bench, {"permitted"});
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"cleared"});
    CHECK(bench.events("order.reserved").size() == 1);
    CHECK(bench.events("order.used").size() == 1);
    CHECK(bench.events("permission.ended").size() == 1);
    CHECK(lane.ups() == 1);
}

TEST_CASE("Killed while a truck waits for a person, it waits again and backs out") {
    GateBench bench{{lane_with(OnInspect::wait_escort)}};
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck), targeted(truck)});
    lane.arrives();
    lane.is_read(truck);
    kill_in(bench, {"referred"});
    lane.is_read(truck);
    lane.wait_for_state("referred");
    lane.backs_out();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"backed_out"});
    CHECK(lane.ups() == 0);
}

TEST_CASE("Killed while a truck is diverted, it is diverted again and takes the other way") {
    GateBench bench{{lane_with(OnInspect::divert)}};
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck), targeted(truck)});
    lane.arrives();
    lane.is_read(truck);
    kill_in(bench, {"diverted"});
    lane.is_read(truck);
    lane.wait_for_state("diverted");
    lane.backs_out();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"diverted"});
    CHECK(lane.ups() == 0);
}

TEST_CASE("Killed while a truck is refused, it is refused again and turns back") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({held(truck)});
    lane.arrives();
    lane.is_read(truck);
    kill_in(bench, {"refused"});
    lane.is_read(truck);
    lane.wait_for_state("refused");
    lane.backs_out();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"turned_away"});
    CHECK(lane.ups() == 0);
}

TEST_CASE("Killed while a truck passes, nothing is lowered on it and its order is used") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.is_read(truck);
    lane.arm_opens();
    lane.goes_under();
    kill_in(bench, {"passing"});
    CHECK(bench.events("arm.commanded").size() == 1);
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == Texts{"cleared"});
    CHECK(bench.events("order.used").size() == 1);
    CHECK(lane.ups() == 1);
}

}  // namespace
}  // namespace portcullis::testing
