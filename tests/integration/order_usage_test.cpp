// An order has its places; a kill gives none of them back.
#include <algorithm>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

std::vector<std::string> reasons_of(const run::SeenEvent& verdict) {
    std::vector<std::string> codes;
    for (const auto& reason : verdict.data.at("reasons").as_array()) {
        codes.emplace_back(reason.at("code").as_string());
    }
    return codes;
}

bool held_as(const run::SeenEvent& verdict, const std::string& reason) {
    const auto codes = reasons_of(verdict);
    return run::text_of(verdict, "outcome") == "hold" && std::find(codes.begin(), codes.end(), reason) != codes.end();
}

TEST_CASE("An order that was used before a kill is not given a second time") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck)});
    lane.passes(truck);
    bench.kill_and_restart();
    lane.arrives();
    lane.is_read(truck);
    bench.until_central_has("verdict.issued", [](const auto& verdict) { return held_as(verdict, "order_used"); });
    lane.backs_out();
    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"cleared", "turned_away"});
    CHECK(bench.events("order.used").size() == 1);
    CHECK(lane.ups() == 1);
}

TEST_CASE("An order that was reserved before a kill is not given to another lane") {
    GateBench bench{std::vector<story::LaneKind>(2)};
    auto& lane = bench.lane(0);
    auto& other = bench.lane(1);
    bench.start();
    bench.order({released(truck)});
    lane.arrives();
    lane.is_read(truck);
    lane.arm_opens();
    bench.kill_and_restart();
    other.arrives();
    other.is_read(truck);
    bench.until_central_has("verdict.issued", [&](const auto& verdict) {
        return verdict.lane == other.name() && held_as(verdict, "order_reserved");
    });
    other.backs_out();
    lane.goes_under();
    lane.leaves();
    lane.arm_closes();
    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"turned_away", "cleared"});
    CHECK(bench.events("order.used").size() == 1);
    CHECK(lane.ups() == 1);
    CHECK(other.ups() == 0);
}

}  // namespace
}  // namespace portcullis::testing
