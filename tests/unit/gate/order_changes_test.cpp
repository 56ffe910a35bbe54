#include "gate/order_changes.hpp"

#include <string>

#include "tests/unit/gate/order_bench.hpp"

namespace portcullis::gate {
namespace {

using namespace testing;

const std::string changed_box = "CSQU3054383";
const std::string other_changed_box = "MSKU0028235";

std::string targeting_put(const std::string& id, const std::string& container, const std::string& action = "hold") {
    return R"({"op":"put","order":")" + id + R"(","kind":"targeting","match":{"container":")" + container +
           R"("},"action":")" + action +
           R"(","visibility":"covert","valid_from":"2026-11-20T00:00:00.000Z",)"
           R"("officer":"B007","decided":"2026-11-21T00:00:00.000Z"})";
}

std::string appointment(const std::string& id, const std::string& plate) {
    return R"({"op":"put","order":")" + id + R"(","kind":"movement","movement":"empty_out","tractor_plates":[")" +
           plate +
           R"("],"uses":1,"valid_from":"2026-11-20T00:00:00.000Z","valid_to":"2026-12-20T00:00:00.000Z",)"
           R"("officer":"T9","decided":"2026-11-20T00:00:00.000Z"})";
}

/// `R-1 released>held`
std::string told(const OrderBench& bench) {
    std::string text;
    for (const auto& event : bench.events("order.changed")) {
        text += (text.empty() ? "" : " ") + testing::text(event, "order_id") + " " +
                testing::text(event, "old_status") + ">" + testing::text(event, "new_status");
    }
    return text;
}

/// Applies the next batch of the chain, until it is recorded.
void apply(OrderBench& bench, Chain& chain, std::vector<std::string> orders) {
    const auto before = bench.events("order.batch").size();
    bench.take(chain.next(std::move(orders)));
    bench.until([&] { return bench.events("order.batch").size() > before; });
}

}  // namespace

TEST_CASE("of a batch it is told whose status changed, of orders that were here before it") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    apply(bench, chain,
          {release("R-1", changed_box, "held"), release("R-2", other_changed_box), appointment("M-1", "闽D12345")});
    CHECK(told(bench).empty());
    apply(bench, chain,
          {release("R-1", changed_box), revocation("R-2"), revocation("M-1"), release("R-3", changed_box, "held")});
    CHECK(told(bench) == "R-1 held>released R-2 released>revoked M-1 active>revoked");
    const auto events = bench.events("order.changed");
    CHECK(text(events[0], "authority") == "ciq");
    CHECK(text(events[0], "kind") == "release");
    CHECK(text(events[0], "key_kind") == "container");
    CHECK(text(events[0], "key") == changed_box);
    CHECK(text(events[0], "officer") == "A113");
    CHECK(text(events[0], "issued_at") == "2026-11-20T00:00:00.000Z");
    CHECK(number(events[0], "batch") == 2);
    CHECK(text(events[1], "officer") == "A1");
    CHECK(text(events[1], "issued_at") == "2026-11-22T08:00:00.000Z");
    CHECK(text(events[2], "kind") == "movement");
    CHECK(text(events[2], "key_kind") == "plate");
    CHECK(text(events[2], "key") == "闽D12345");
    // In the transaction of the batch: a crash leaves both or neither.
    CHECK(bench.submitted.size() == 5);
    CHECK(bench.positions.size() == 2);
}

TEST_CASE("nothing is told of a targeting order before a verdict has named it") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    apply(bench, chain, {targeting_put("T-1", changed_box), targeting_put("T-2", other_changed_box)});
    apply(bench, chain, {targeting_put("T-1", changed_box, "inspect"), revocation("T-2")});
    CHECK(told(bench).empty());
    bench.desk().named({{Authority{"ciq"}, OrderId{"T-1"}}});
    apply(bench, chain, {revocation("T-1")});
    CHECK(told(bench) == "T-1 inspect>revoked");
    CHECK(text(bench.events("order.changed")[0], "kind") == "targeting");
    CHECK(text(bench.events("order.changed")[0], "key") == changed_box);
}

TEST_CASE("that a release is to be inspected is told once a verdict has named it") {
    for (const auto* picked : {"inspect", "treat"}) {
        CAPTURE(picked);
        OrderBench bench;
        auto chain = bench.chain("ciq");
        apply(bench, chain, {release("R-1", changed_box)});
        apply(bench, chain, {release("R-1", changed_box, picked)});
        apply(bench, chain, {release("R-1", changed_box)});
        CHECK(told(bench).empty());
        bench.desk().named({{Authority{"ciq"}, OrderId{"R-1"}}});
        apply(bench, chain, {release("R-1", changed_box, picked)});
        CHECK(told(bench) == std::string{"R-1 released>"} + picked);
    }
}

TEST_CASE("of a batch that changes very much a hundred are told and the others counted") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    std::vector<std::string> first;
    std::vector<std::string> second;
    for (int serial = 0; serial < 300; ++serial) {
        const auto container = store::testing::box_number(serial).text();
        first.push_back(release("R-" + std::to_string(serial), container, "held"));
        second.push_back(release("R-" + std::to_string(serial), container));
    }
    apply(bench, chain, first);
    apply(bench, chain, second);
    const auto events = bench.events("order.changed");
    REQUIRE(events.size() == OrderChanges::most_told);
    CHECK(number(events.front(), "not_told") == 0);
    CHECK(number(events.back(), "not_told") == 200);
    apply(bench, chain, {release("R-0", store::testing::box_number(0).text(), "held")});
    CHECK(number(bench.events("order.changed").back(), "not_told") == 0);
}

TEST_CASE("what a batch changed is told also when the process ended before it was recorded") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    apply(bench, chain, {release("R-1", changed_box, "held")});
    const auto recorded = bench.positions;
    bench.take(chain.next({release("R-1", changed_box)}));
    bench.until_applied(2);
    bench.settle();
    bench.restart();
    bench.desk().reconcile(recorded);
    CHECK(bench.events("order.batch").size() == 1);
    CHECK(told(bench) == "R-1 held>released");
    bench.restart();
    bench.desk().reconcile({{Authority{"ciq"}, 2, chain.hash(), 2}});
    CHECK(told(bench).empty());
}

TEST_CASE("orders that were named are remembered to a bound, the newest") {
    NamedOrders named;
    const auto order = [](std::size_t number) {
        return OrderNamed{Authority{"ciq"}, OrderId{"T-" + std::to_string(number)}};
    };
    for (std::size_t number = 0; number < NamedOrders::most_named + 10; ++number) {
        named.add({order(number), order(number)});
    }
    CHECK_FALSE(named.contains(order(9)));
    CHECK(named.contains(order(10)));
    CHECK(named.contains(order(NamedOrders::most_named + 9)));
}

}  // namespace portcullis::gate
