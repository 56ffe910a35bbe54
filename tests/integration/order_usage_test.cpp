// An order has its places; a kill gives none of them back.
#include <algorithm>
#include <fstream>
#include <iterator>

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

/// Its lane stands at a control point that another gate has too.
void stands_at(GateBench& bench, const std::string& point) {
    std::ifstream file{bench.gate().settings()};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::string lane = "\n  out-1:\n";
    const auto place = text.find(lane);
    REQUIRE(place != std::string::npos);
    text.insert(place + lane.size(), "    control_point: " + point + "\n");
    std::ofstream{bench.gate().settings()} << text;
}

TEST_CASE("An order that one gate has used is held at another gate of the same control point, also after a kill") {
    GateBench first;
    GateBench second{{{}}, {}, {}, {}, "g2"};
    stands_at(first, "quay");
    stands_at(second, "quay");
    first.gate().central().tell_usage_to(second.gate().central());
    for (auto* bench : {&first, &second}) {
        bench->start();
        bench->order({released(truck)});
    }
    first.lane().passes(truck);
    second.until_central_has("order.batch", [](const run::SeenEvent& batch) { return batch.data.at("used") == 1; });
    second.kill_and_restart();
    second.lane().arrives();
    second.lane().is_read(truck);
    second.until_central_has("verdict.issued", [](const auto& verdict) { return held_as(verdict, "order_used"); });
    second.lane().backs_out();
    first.prove_stream();
    second.prove_stream();
    CHECK(first.outcomes() == std::vector<std::string>{"cleared"});
    CHECK(second.outcomes() == std::vector<std::string>{"turned_away"});
    CHECK(second.events("order.used").empty());
    CHECK(second.lane().ups() == 0);
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
