// docs/central/consumer.py in central's place: what an integrator copies keeps its promise.
#include "tests/integration/reference_consumer.hpp"
#include "tests/fault/link/event_source.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D33333", "EGHU1159704"};

/// What a lane with a truck a minute records in an hour; written while no daemon runs, as it would be while none of it
/// can be sent.
void an_hour_passes(GateBench& bench) {
    constexpr int events_of_an_hour = 60 * 25;
    const auto journal = fault::open_journal(bench.gate().state());
    fault::EventSource source{*journal, bench.gate().clock()};
    for (int truck = 0; truck < 60; ++truck) {
        REQUIRE(journal->append(source.next(events_of_an_hour / 60)) == store::StoreOutcome::committed);
    }
}

TEST_CASE(
    "The reference consumer has every event once, over an hour without a broker, its own death, a broker restart and "
    "kills of the daemon") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(first), released(second)});
    bench.gate().central().stop();
    ReferenceConsumer consumer{bench.gate().broker().port(), bench.gate().prefix()};

    lane.arrives();
    lane.is_read(first);
    lane.arm_opens();
    lane.wait_for_state("permitted");
    bench.kill_and_restart();
    lane.goes_under();
    consumer.kill();
    bench.gate().broker_down();
    bench.kill();
    an_hour_passes(bench);
    bench.start();
    lane.wait_for_state("passing");
    lane.leaves();
    lane.arm_closes();
    bench.gate().broker_up();
    consumer.start();
    lane.passes(second);
    bench.kill_and_restart();

    bench.until("the consumer has the stream so far", [&] {
        const auto now = bench.status();
        return now && static_cast<std::int64_t>(consumer.events().size()) >= now->last();
    });
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
    CHECK(consumer.stop() == 0);
    const auto rows = bench.journal();
    const auto stored = consumer.events();
    REQUIRE(stored.size() <= rows.size());
    CHECK(stored.size() + 1 >= rows.size());  // stream.closing may still be on its way when the consumer is stopped
    for (std::size_t i = 0; i < stored.size(); ++i) {
        CHECK(stored[i] == rows[i].published);
    }
}

}  // namespace
}  // namespace portcullis::testing
