// A stricter verdict after the one that was issued: always told, whatever it does to the arm (design.md 3).
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

Verdict inspected(const PassageFacts& /*facts*/) {
    return inspect();
}

Verdict held(const PassageFacts& /*facts*/) {
    return hold_for(ReasonCode::order_revoked);
}

TEST_CASE("released, then to be inspected where inspection opens: told, and it keeps its permission", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    const auto released = bench.text("permission.began", "basis_sequence");
    bench.decides = inspected;
    bench.orders_changed();
    CHECK(bench.count("verdict.issued") == 2);
    CHECK(bench.text("verdict.issued", "zone") == "Z2");
    CHECK(bench.text("verdict.superseded", "old_sequence") == released);
    CHECK(bench.text("verdict.superseded", "outcome") == "inspect");
    CHECK(bench.count("permission.ended") == 0);
    CHECK(bench.go() == LightColour::green);
    bench.truck_leaves();
    CHECK(bench.text("passage.ended", "verdict") == "inspect");
    CHECK(bench.text("passage.ended", "zone") == "Z2");
    CHECK(bench.text("passage.ended", "vehicles_under_permission") == "1");
}

TEST_CASE("to be inspected while it is under the arm: told, and never closed on", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.decides = inspected;
    bench.orders_changed();
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::passing);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    bench.truck_leaves();
    CHECK(bench.text("passage.ended", "zone") == "Z2");
}

TEST_CASE("a milder verdict changes nothing for a vehicle that may go", "[lane]") {
    LaneBench bench;
    bench.decides = inspected;
    bench.truck_arrives();
    bench.arm_opens();
    bench.decides = release_of;
    bench.orders_changed();
    CHECK(bench.count("verdict.issued") == 1);
    CHECK(bench.count("verdict.superseded") == 0);
    CHECK(bench.go() == LightColour::green);
}

TEST_CASE("stricter before the arm was moved: it goes up by a permission that rests on the new verdict", "[lane]") {
    LaneBench bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::permitted);
    bench.decides = inspected;
    bench.orders_changed();
    CHECK(bench.count("permission.ended") == 1);
    CHECK(bench.text("arm.result", "write") == "withdrawn");
    REQUIRE(bench.count("permission.began") == 2);
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.count("verdict.issued") == 2);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("stricter while it waits: the verdict that was told no longer stands", "[lane]") {
    auto settings = out_lane();
    settings.on_inspect = OnInspect::wait_escort;
    LaneBench bench(settings);
    bench.decides = inspected;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    bench.decides = held;
    bench.orders_changed();
    CHECK(bench.text("verdict.superseded", "outcome") == "hold");
    bench.decides = release_of;
    bench.orders_changed();
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("stricter between the verdict and the command: the first verdict is superseded", "[lane]") {
    LaneBench bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    bench.cursor = 8;  // a batch is applied; its commit says so
    bench.decides = held;
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::referred);
}

}  // namespace
}  // namespace portcullis::lane
