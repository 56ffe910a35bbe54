// Everything at once: central away, the broker away and forgetful, the daemon killed; and the stream is whole.
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D33333", "EGHU1159704"};
const Truck third{"闽D18181", "HLBU0528142"};

TEST_CASE("Outages of central and the broker, with kills of the daemon inside them, lose no event") {
    GateBench bench;
    auto& lane = bench.lane();
    auto& gate = bench.gate();
    bench.start();
    bench.order({released(first), held(second), released(third)});

    gate.central().stop();
    lane.arrives();
    lane.wait_for_state("identifying");
    bench.kill_and_restart();
    lane.is_read(first);
    lane.arm_opens();
    lane.wait_for_state("permitted");
    bench.kill_and_restart();
    lane.goes_under();

    gate.broker_down();
    bench.kill_and_restart();
    lane.wait_for_state("passing");
    lane.leaves();
    lane.arm_closes();
    lane.arrives();
    lane.is_read(second);
    lane.wait_for_state("refused");
    bench.kill_and_restart();

    gate.broker_up();
    lane.is_read(second);
    lane.wait_for_state("refused");
    lane.backs_out();
    gate.central().start();
    bench.until_central_has("passage.ended");

    gate.broker_down();
    lane.arrives();
    gate.broker_up();
    lane.is_read(third);
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();

    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"cleared", "turned_away", "cleared"});
    CHECK(bench.events("stream.opened").size() == 5);
    CHECK(bench.events("order.used").size() == 2);
    CHECK(lane.ups() == 2);
}

}  // namespace
}  // namespace portcullis::testing
