// Vehicles that turn back, before the arm and under it.
#include "lane_story.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("an order that comes when the truck has just left opens for nobody", "[lane]") {
    LaneStory bench;
    bench.decides = hold_of;
    bench.truck_arrives();
    bench.off(Role::arrival_loop);
    bench.after(1s);
    bench.decides = release_of;
    bench.orders_changed();
    bench.after(10s);
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.outcome() == "backed_out");
    CHECK(bench.usage.empty());
}

TEST_CASE("backs out with its front at the exit: it has not cleared, and its place is used", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.looks_out_and_rolls_back();
    bench.after(3s);
    CHECK(bench.open() == 1);
    bench.off(Role::arrival_loop);
    bench.after(30s);
    CHECK(bench.outcome() == "backed_out");
    CHECK(bench.count("passage.detected") == 1);
    CHECK(bench.place() == UsageState::used);
}

TEST_CASE("against the way under an arm that is forced, and out again as it came: it has not cleared", "[lane]") {
    LaneStory bench;
    bench.on(Role::exit_loop);
    bench.on(Role::arm_loop);
    bench.arm_opens();
    REQUIRE(bench.state() == PassageState::passing);
    bench.off(Role::arm_loop);
    bench.after(2s);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    CHECK(bench.open() == 0);
    CHECK(bench.outcome() == "turned_away");
}

TEST_CASE("somebody at the exit whom the arm has not seen: no place goes back on proof", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.on(Role::exit_loop);  // the arm loop is dead, and it has no beam
    bench.off(Role::arrival_loop);
    bench.off(Role::exit_loop);
    bench.after(3s);
    bench.arm_closes();
    bench.after(600s);
    CHECK(bench.open() == 0);
    CHECK(bench.place() == UsageState::used);
}

}  // namespace
}  // namespace portcullis::lane
