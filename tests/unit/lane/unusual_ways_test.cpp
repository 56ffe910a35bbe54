// Vehicles that do not simply drive through.
#include "lane_story.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("held: red, arm down, and it leaves by the back", "[lane]") {
    LaneStory bench;
    bench.decides = hold_of;
    bench.truck_arrives();
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.go() == LightColour::red);
    bench.after(30s);
    bench.off(Role::arrival_loop);
    bench.after(6s);
    CHECK(bench.open() == 0);
    CHECK(bench.outcome() == "backed_out");
    CHECK(bench.text("passage.ended", "waited_person_ms") != "0");
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("what the lane is told to do with a hold and with an inspection", "[lane]") {
    struct Row {
        OnHold on_hold;
        OnInspect on_inspect;
        bool inspects;
        PassageState state;
        const char* route;
        const char* outcome;
    };
    const auto row = GENERATE(values<Row>({
        {OnHold::wait_person, OnInspect::open, false, PassageState::referred, "wait", "backed_out"},
        {OnHold::divert, OnInspect::open, false, PassageState::diverted, "divert", "diverted"},
        {OnHold::turn_back, OnInspect::open, false, PassageState::refused, "turn_back", "turned_away"},
        {OnHold::wait_person, OnInspect::divert, true, PassageState::diverted, "divert", "diverted"},
        {OnHold::wait_person, OnInspect::wait_escort, true, PassageState::referred, "wait", "backed_out"},
        {OnHold::wait_person, OnInspect::turn_back, true, PassageState::refused, "turn_back", "turned_away"},
    }));
    auto settings = out_lane();
    settings.on_hold = row.on_hold;
    settings.on_inspect = row.on_inspect;
    LaneStory bench(settings);
    bench.decides = [&](const PassageFacts& facts) { return row.inspects ? inspect() : hold_of(facts); };
    bench.truck_arrives();
    CHECK(bench.state() == row.state);
    CHECK(bench.text("verdict.issued", "route") == row.route);
    bench.off(Role::arrival_loop);
    bench.after(6s);
    CHECK(bench.outcome() == row.outcome);
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("an inspection with on_inspect open opens, and takes no place of an order", "[lane]") {
    LaneStory bench;
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.usage.empty());
    bench.arm_opens();
    bench.truck_leaves();
    CHECK(bench.text("passage.ended", "zone") == "Z2");
}

TEST_CASE("an order that arrives while the truck waits releases it", "[lane]") {
    LaneStory bench;
    bench.decides = hold_of;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    bench.orders_changed();
    CHECK(bench.count("verdict.issued") == 1);  // the same again is not issued again
    bench.decides = release_of;
    bench.orders_changed();
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.count("verdict.issued") == 2);
}

TEST_CASE("orders that change between verdict and command are looked at again", "[lane]") {
    LaneStory bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::permitted);
    bench.cursor = 8;  // a batch is applied; its commit says so
    bench.decides = hold_of;
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.text("arm.result", "write") == "withdrawn");
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.count("permission.ended") == 1);
}

TEST_CASE("orders that change and still release give one command only", "[lane]") {
    LaneStory bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    bench.cursor = 8;
    bench.commit_all();
    bench.commit_all();
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.usage.size() == 1);
}

TEST_CASE("revoked after the arm is up and before the truck is there: red, close, hold", "[lane]") {
    LaneStory bench;
    bench.let_in();
    REQUIRE(bench.go() == LightColour::green);
    bench.decides = hold_of;
    bench.orders_changed();
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
}

TEST_CASE("revoked while it is under the arm: recorded, never closed on", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.decides = hold_of;
    bench.orders_changed();
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.state() == PassageState::passing);
    bench.after(60s);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.place() == UsageState::used);
}

TEST_CASE("a second truck waits behind and is read when the first is gone", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.after(2s);
    bench.another_comes_up(1500ms);
    REQUIRE(bench.open() == 2);
    CHECK(bench.text("passage.detected", "position_in_lane") == "2");
    CHECK(bench.state(1) == PassageState::arriving);
    bench.goes_out();
    CHECK(bench.open() == 1);
    CHECK(bench.state() == PassageState::identifying);
    bench.arm_closes();
    bench.other_truck_is_read();
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.count("passage.tailgate") == 0);
}

TEST_CASE("a tailgater is a passage of its own, without permission", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.after(2s);
    bench.another_comes_up(500ms);  // close behind
    bench.on(Role::exit_loop);
    bench.after(500ms);
    bench.off(Role::arm_loop);
    bench.after(400ms);
    bench.on(Role::arm_loop);  // sooner than `hold`: could be the trailer
    bench.after(200ms);
    CHECK(bench.count("passage.tailgate") == 0);
    bench.off(Role::exit_loop);  // the first is past, and somebody is under the arm
    CHECK(bench.count("passage.tailgate") == 1);
    CHECK(bench.text("passage.tailgate", "certainty") == "sure");
    CHECK(bench.text("passage.tailgate", "other_passage") == bench.text("permission.began", "passage"));
    bench.after(1100ms);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "vehicles_under_permission") == "1");
    REQUIRE(bench.open() == 1);
    CHECK(bench.state() == PassageState::passing);
    bench.off(Role::arrival_loop);
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(1s);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    CHECK(bench.count("passage.ended") == 2);
    CHECK(bench.text("passage.ended", "permission_id") == "none");
}

TEST_CASE("trailer axles over the arrival loop are no second vehicle in the end", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.another_comes_up(1200ms);  // the trailer's axles
    CHECK(bench.open() == 2);
    bench.after(500ms);
    bench.off(Role::arrival_loop);
    bench.after(1s);
    bench.on(Role::exit_loop);
    bench.after(2s);
    bench.off(Role::arm_loop);
    bench.after(1s);
    bench.off(Role::exit_loop);
    bench.after(2s);
    CHECK(bench.open() == 0);
    CHECK(bench.count("passage.ended") == 2);
    CHECK(bench.outcome() == "merged");
}

TEST_CASE("between axles before the arm: the same vehicle", "[lane]") {
    LaneStory bench;
    bench.truck_arrives();
    bench.another_comes_up(600ms);
    CHECK(bench.count("passage.detected") == 1);
}

TEST_CASE("arm sensor first is the wrong way, and so is the exit loop", "[lane]") {
    LaneStory bench;
    bench.on(Role::arm_loop);
    CHECK(bench.count("passage.wrong_way") == 1);
    CHECK(bench.text("passage.detected", "origin") == "wrong_way");

    LaneStory other;
    other.on(Role::exit_loop);
    CHECK(other.count("passage.wrong_way") == 1);
    CHECK(other.text("passage.detected", "by") == "exit_loop");
    other.off(Role::exit_loop);
    other.after(1100ms);
    CHECK(other.outcome() == "turned_away");
}

TEST_CASE("against the way through an open arm: its own passage, without permission, to the end", "[lane]") {
    LaneStory bench;
    bench.off(Role::arm_closed_limit);
    bench.on(Role::arm_open_limit);  // held open by a key
    bench.on(Role::exit_loop);
    bench.on(Role::arm_loop);
    CHECK(bench.state() == PassageState::passing);
    bench.off(Role::exit_loop);
    bench.on(Role::arrival_loop);
    bench.off(Role::arm_loop);
    bench.after(1s);
    bench.off(Role::arrival_loop);
    bench.after(1100ms);
    CHECK(bench.open() == 0);
    CHECK(bench.count("passage.detected") == 1);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "permission_id") == "none");
    CHECK(bench.count("passage.wrong_way") == 1);
}

TEST_CASE("stops under the arm: nothing closes, somebody is told", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.after(601s);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    CHECK(bench.state() == PassageState::passing);
    CHECK(bench.count("condition.began") == 1);
    CHECK(bench.text("condition.began", "condition") == "presence_stuck");
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.count("condition.ended") >= 1);
}

TEST_CASE("permitted and does not come: red, close, hold, and its place stays its own", "[lane]") {
    LaneStory bench;
    bench.let_in();
    bench.after(121s);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    CHECK(bench.place() == UsageState::reserved);
    bench.arm_closes();
    CHECK(bench.commanded(Role::arm_up) == 1);
    bench.orders_changed();
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.usage.size() == 1);
}

TEST_CASE("lost between arm and exit: abandoned after its time, its place used", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.off(Role::arrival_loop);
    bench.off(Role::arm_loop);
    bench.after(7s);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    bench.arm_closes();
    CHECK(bench.open() == 1);
    bench.after(600s);
    CHECK(bench.outcome() == "abandoned");
    CHECK(bench.text("order.used", "evidence") == "cannot_exclude");
}

TEST_CASE("noses onto the arm loop while the arm is down: still to be decided", "[lane]") {
    LaneStory bench;
    bench.on(Role::arrival_loop);
    bench.on(Role::arm_loop);
    CHECK(bench.state() == PassageState::identifying);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.commanded(Role::arm_up) == 1);
    bench.arm_opens();
    CHECK(bench.state() == PassageState::passing);
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.count("passage.tailgate") == 0);
}

TEST_CASE("the one that came up without a gap gets its passage when the first is gone", "[lane]") {
    LaneStory bench;
    bench.let_in_under_arm();
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(2s);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.open() == 1);
    CHECK(bench.count("passage.detected") == 2);
}

TEST_CASE("the lane is full: what nobody can have is unassigned", "[lane]") {
    auto settings = out_lane();
    settings.gone_after = 10min;
    LaneStory bench(settings);
    bench.decides = hold_of;
    for (std::size_t i = 0; i < Lane::most_passages + 2; ++i) {
        bench.on(Role::arrival_loop);
        bench.off(Role::arrival_loop);
        bench.after(1100ms);
    }
    CHECK(bench.open() == Lane::most_passages);
    CHECK(bench.count("observation.unassigned") == 2);
}

}  // namespace
}  // namespace portcullis::lane
