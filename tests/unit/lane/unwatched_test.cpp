// What inputs do while a lane gives it to nobody, and inputs that flutter.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

void rises(LaneBench& bench, Role role, int times, std::chrono::milliseconds every) {
    for (int i = 0; i < times; ++i) {
        bench.on(role);
        bench.off(role);
        bench.after(every - 40ms);
    }
}

TEST_CASE("who came and went while the lane was out of service is unassigned", "[lane]") {
    LaneBench bench;
    bench.unknown(Role::exit_loop);
    REQUIRE(bench.lane().view().mode == LaneMode::out_of_service);
    bench.on(Role::arrival_loop);
    CHECK(bench.count("observation.unassigned") == 0);
    bench.off(Role::arrival_loop);
    REQUIRE(bench.count("observation.unassigned") == 1);
    CHECK(bench.text("observation.unassigned", "kind") == "edge");
    CHECK(bench.text("observation.unassigned", "role") == "arrival_loop");
    CHECK(bench.text("observation.unassigned", "lane_mode") == "out_of_service");
    bench.off(Role::exit_loop);
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    CHECK(bench.count("observation.unassigned") == 1);
    CHECK(bench.count("passage.detected") == 0);
}

TEST_CASE("who is still there when the lane goes on has a passage, and is not unassigned too", "[lane]") {
    LaneBench bench;
    bench.unknown(Role::exit_loop);
    bench.on(Role::arrival_loop);
    bench.off(Role::exit_loop);
    CHECK(bench.text("passage.detected", "origin") == "detected_late");
    CHECK(bench.count("observation.unassigned") == 0);
    bench.off(Role::arrival_loop);
    bench.after(6s);
    CHECK(bench.count("observation.unassigned") == 0);
}

TEST_CASE("a start, too: who came and went before the lane had recovered is unassigned", "[lane]") {
    LaneBench bench;
    bench.restart();
    bench.on(Role::arm_loop);
    bench.off(Role::arm_loop);
    CHECK(bench.text("observation.unassigned", "role") == "arm_loop");
    CHECK(bench.text("observation.unassigned", "lane_mode") == "recovering");
}

TEST_CASE("an input that becomes unknown ends what it saw", "[lane]") {
    LaneBench bench;
    bench.unknown(Role::exit_loop);
    bench.on(Role::arrival_loop);
    bench.unknown(Role::arrival_loop);
    CHECK(bench.count("observation.unassigned") == 1);
}

TEST_CASE("a contact that chatters meanwhile is told of once a minute, and every rise is counted", "[lane]") {
    LaneBench bench;
    bench.unknown(Role::exit_loop);
    rises(bench, Role::arrival_loop, 150, 1s);
    CHECK(bench.count("observation.unassigned") == 3);
    bench.off(Role::exit_loop);
    CHECK(bench.count("observation.unassigned") == 4);
    std::int64_t told = 0;
    for (const auto& one : bench.journal) {
        if (one.event.type == "observation.unassigned") {
            const auto* edges = one.event.data.find("edges");
            told += edges == nullptr ? 1 : *edges->get<std::int64_t>();
        }
    }
    CHECK(told == 150);
}

TEST_CASE("while the journal cannot write, it alone counts who came", "[lane]") {
    LaneBench bench;
    bench.journal_lost();
    bench.on(Role::arrival_loop);
    bench.off(Role::arrival_loop);
    bench.journal_back();
    CHECK(bench.count("observation.unassigned") == 0);
    CHECK(bench.lane().view().detections_unrecorded == 1);
}

TEST_CASE("a loop that rises more often than axles can is told of, until it has been quiet", "[lane]") {
    LaneBench bench;
    rises(bench, Role::exit_loop, 11, 500ms);
    CHECK(bench.count("condition.began") == 0);
    rises(bench, Role::exit_loop, 5, 500ms);
    REQUIRE(bench.count("condition.began") == 1);
    CHECK(bench.text("condition.began", "condition") == "loop_chatter");
    CHECK(bench.text("condition.began", "value") == "1");
    bench.after(25s);
    CHECK(bench.count("condition.ended") == 0);
    bench.after(6s);
    REQUIRE(bench.count("condition.ended") == 1);
    CHECK(bench.text("condition.ended", "condition") == "loop_chatter");
}

TEST_CASE("axles are no chatter", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    rises(bench, Role::arm_loop, 20, 1s);
    CHECK(bench.count("condition.began") == 0);
}

TEST_CASE("what began while the journal could not write is told when it is back", "[lane]") {
    LaneBench bench;
    bench.journal_lost();
    bench.unknown(Role::arrival_loop);
    bench.after(5s);
    CHECK(bench.count("condition.began") == 0);
    bench.journal_back();
    CHECK(bench.text("condition.began", "condition") == "presence_unknown");
}

}  // namespace
}  // namespace portcullis::lane
