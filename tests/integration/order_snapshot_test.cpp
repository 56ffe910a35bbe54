// A gate that lost its orders, and a central that keeps the batches no more: a snapshot brings them back.
#include <filesystem>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D33333", "EGHU1159704"};

bool is_snapshot(const run::SeenEvent& event) {
    const auto* kind = event.data.if_contains("kind");
    return kind != nullptr && *kind == "snapshot";
}

TEST_CASE("A gate whose orders are gone takes a snapshot, and trucks pass by it") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(first)});
    bench.order({released(second)});
    bench.kill();
    for (const auto& entry : std::filesystem::directory_iterator{bench.gate().state()}) {
        if (entry.path().filename().string().starts_with("orders.")) {
            std::filesystem::remove(entry.path());
        }
    }
    bench.gate().central().forget_orders("ciq", 2);
    bench.start();
    bench.until_central_has("order.batch", is_snapshot);

    lane.arrives();
    lane.is_read(first);
    lane.arm_opens();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"cleared"});
    CHECK(bench.events("order.used").size() == 1);
}

}  // namespace
}  // namespace portcullis::testing
