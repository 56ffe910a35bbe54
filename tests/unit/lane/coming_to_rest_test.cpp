// A lane that is answered at once comes to rest: what cannot be done is not asked for without end.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("a commit that knows fewer orders than the verdict is nothing stricter", "[lane]") {
    LaneBench bench;
    bench.commits_see_ahead = -3;
    bench.truck_arrives();
    CHECK(bench.asked.size() == 1);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("verdicts that stay behind the orders hold, until orders come again", "[lane]") {
    LaneBench bench;
    bench.commits_see_ahead = 1;
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.text("verdict.issued", "outcome") == "hold");
    CHECK(bench.lane().view().why == "referred order_released orders_behind");
    bench.commits_see_ahead = 0;
    bench.orders_changed();
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("a verdict from older orders that holds anyway is taken", "[lane]") {
    LaneBench bench;
    bench.handle(OrdersChanged{99});
    bench.decides = hold_of;
    bench.truck_arrives();
    CHECK(bench.lane().view().why == "referred order_missing");
}

TEST_CASE("orders that change at every commit: no arm, every permission ended, and somebody is told", "[lane]") {
    LaneBench bench;
    bench.commits_see_ahead = 1;
    bench.decides = [&](const PassageFacts& facts) {
        ++bench.cursor;
        return release_of(facts);
    };
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.count("permission.began") == bench.count("permission.ended"));
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.text("verdict.issued", "outcome") == "hold");
}

TEST_CASE("a bus that never comes to write: tried again a few times, then it waits", "[lane]") {
    LaneBench bench;
    bench.arm_write = WriteOutcome::expired;
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) > 1);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.text("permission.ended", "cause") == "expired");
    bench.arm_write = WriteOutcome::done;
    bench.orders_changed();
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("a place that is never free although the verdict claims it: held, with the reason", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        verdict.claims.front().uses = 0;
        return verdict;
    };
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.lane().view().why == "referred order_released order_reserved");
    const auto& reason = bench.last("verdict.issued").find("reasons")->get<List>()->back();
    CHECK(*reason.find("code")->get<std::string>() == "order_reserved");
    CHECK(*reason.find("kind")->get<std::string>() == "order");
    CHECK(*reason.find("id")->get<std::string>() != "unknown");
}

}  // namespace
}  // namespace portcullis::lane
