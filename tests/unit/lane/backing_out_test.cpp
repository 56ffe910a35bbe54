// Vehicles that back out after they were let in.
#include "lane_story.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("backs out from under the arm: the order goes back on proof", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.after(2s);
    bench.off(Role::arm_loop);
    bench.after(1100ms);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    bench.off(Role::arrival_loop);
    bench.after(1500ms);
    CHECK(bench.place() == UsageState::reserved);  // the arm is not closed yet
    bench.arm_closes();
    bench.after(100ms);
    CHECK(bench.open() == 0);
    CHECK(bench.outcome() == "backed_out");
    CHECK(bench.text("passage.backed_out", "certainty") == "sure");
    CHECK(bench.text("order.returned", "evidence") == "backed_proof");
    CHECK(bench.usage.empty());
}

TEST_CASE("another's plate is read while it is under the arm: who went back is not proved", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.read(Role::plate_front, "闽D54321");  // one came up without a gap, and the exit loop is dead
    bench.after(2s);
    bench.off(Role::arm_loop);
    bench.after(1100ms);
    bench.off(Role::arrival_loop);
    bench.arm_closes();
    bench.after(30s);
    CHECK(bench.open() == 0);
    CHECK(bench.text("order.used", "evidence") == "cannot_exclude");
    CHECK(bench.place() == UsageState::used);
}

TEST_CASE("backs out with the arm up and never closing: the place is used", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.off(Role::arrival_loop);
    bench.after(5100ms);
    CHECK(bench.count("permission.ended") == 1);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    bench.after(30s);
    CHECK(bench.outcome() == "backed_out");
    CHECK(bench.text("order.used", "evidence") == "cannot_exclude");
    CHECK(bench.place() == UsageState::used);
}

TEST_CASE("touched the exit and came back: it cannot be excluded that it was past", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.looks_out_and_rolls_back();
    bench.off(Role::arrival_loop);
    bench.after(1100ms);
    bench.arm_closes();
    bench.after(600s);
    CHECK(bench.open() == 0);
    CHECK(bench.place() == UsageState::used);
}

TEST_CASE("nobody drives on the permission of one that went back", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.off(Role::arrival_loop);
    bench.after(2s);
    REQUIRE(bench.go() == LightColour::green);
    bench.on(Role::arrival_loop);  // another, or the same again: nobody can tell
    CHECK(bench.open() == 2);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.count("permission.ended") == 1);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    bench.other_truck_is_read();
    bench.arm_closes();
    bench.after(10s);
    CHECK(bench.open() == 1);
    CHECK(bench.text("passage.ended", "outcome") == "backed_out");
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.asked.back().facts.identity.containers.front().number.text() == b_box);
}

}  // namespace
}  // namespace portcullis::lane
