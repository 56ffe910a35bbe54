// SIGTERM: finish the commit, move no arm any more, say goodbye, end.
#include <csignal>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

/// Central has `stream.closing` as the last event, of a stop by a signal, before anybody starts the daemon again.
void check_closing(GateBench& bench, std::int64_t open_passages) {
    bench.until_central_has("stream.closing");
    CHECK(bench.events().back().name == "stream.closing");
    const auto& closing = *bench.events("stream.closing").back();
    CHECK(run::text_of(closing, "reason") == "signal");
    CHECK(closing.data.at("open_passages") == open_passages);
}

void check_clean_start(GateBench& bench) {
    bench.until_central_has("stream.opened", [&](const auto& opened) { return opened.sequence > 1; });
    CHECK(run::text_of(*bench.events("stream.opened").back(), "clean_stop") == "yes");
}

TEST_CASE("SIGTERM ends the daemon with 0, stream.closing is its last event, and reaches central") {
    GateBench bench;
    bench.start();
    bench.order({released(truck)});
    bench.lane().passes(truck);
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
    check_closing(bench, 0);
    bench.start();
    check_clean_start(bench);
    bench.prove_stream();
}

TEST_CASE("No arm goes up after SIGTERM, though a released truck waits for it") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.arm_between_limits();
    lane.is_read(truck);
    bench.until_central_has("verdict.issued");
    lane.wait_for_state("deciding");
    bench.ask_to_stop();
    lane.rig().set_input(Role::arm_closed_limit, true);
    CHECK(bench.wait_for_exit() == 0);
    CHECK(lane.ups() == 0);
    check_closing(bench, 1);
    bench.start();
    lane.backs_out();
    bench.prove_stream();
    CHECK(lane.ups() == 0);
}

TEST_CASE("SIGTERM inside a pulse ends it, and its result is on record before stream.closing") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.is_read(truck);
    lane.on_arm_up([&] { bench.ask_to_stop(); });
    bench.until("the arm goes up", [&] { return lane.ups() == 1; });
    CHECK(bench.wait_for_exit() == 0);
    CHECK_FALSE(lane.arm_up_output());
    CHECK(lane.rig().io().watchdog_fired() == 0);
    check_closing(bench, 1);
    lane.on_arm_up({});
    bench.start();
    lane.backs_out();
    bench.prove_stream();
    CHECK(bench.events("arm.commanded").size() == bench.events("arm.result").size());
    CHECK(lane.ups() == 1);
}

TEST_CASE("An ordered stop does not wait for a broker that is away, and central hears of it after the next start") {
    GateBench bench;
    bench.start();
    bench.until_central_has("stream.opened");
    bench.gate().broker_down();
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
    CHECK(bench.events("stream.closing").empty());
    bench.gate().broker_up();
    bench.start();
    check_clean_start(bench);
    CHECK(bench.events("stream.closing").size() == 1);
    bench.prove_stream();
}

}  // namespace
}  // namespace portcullis::testing
