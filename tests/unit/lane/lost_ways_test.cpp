// Restart, journal outage and unknown inputs, in every state of a passage.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// Brings a truck into a state; inputs stay as they are then.
struct Stage {
    const char* name;
    PassageState state;
    bool has_place;
    bool at_arrival;
    bool at_arm;
    bool arm_up;
};

const std::vector<Stage> stages{
    {"identifying", PassageState::identifying, false, true, false, false},
    {"deciding", PassageState::deciding, false, true, false, false},
    {"referred", PassageState::referred, false, true, false, false},
    {"diverted", PassageState::diverted, false, true, false, false},
    {"refused", PassageState::refused, false, true, false, false},
    {"permitted, not committed", PassageState::permitted, true, true, false, false},
    {"permitted", PassageState::permitted, true, true, false, true},
    {"passing", PassageState::passing, true, false, true, true},
};

LaneSettings settings_for(const Stage& stage) {
    auto settings = out_lane();
    settings.on_hold = stage.state == PassageState::diverted  ? OnHold::divert
                       : stage.state == PassageState::refused ? OnHold::turn_back
                                                              : OnHold::wait_person;
    return settings;
}

void reach(LaneBench& bench, const Stage& stage) {
    const std::string name = stage.name;
    if (name == "identifying") {
        bench.on(Role::arrival_loop);
    } else if (name == "deciding") {
        bench.decides = nullptr;
        bench.truck_arrives();
    } else if (name == "permitted, not committed") {
        bench.commits = Commits::by_hand;
        bench.truck_arrives();
    } else if (stage.has_place) {
        bench.truck_arrives();
        bench.arm_opens();
        if (stage.at_arm) {
            bench.on(Role::arm_loop);
            bench.off(Role::arrival_loop);
        }
    } else {
        bench.decides = hold_of;
        bench.truck_arrives();
    }
    REQUIRE(bench.state() == stage.state);
}

/// Inputs as the devices report them again after a start.
void report(LaneBench& bench, const Stage& stage, bool there) {
    const auto set = [&](Role role, bool value) { value ? bench.on(role) : bench.off(role); };
    set(Role::arrival_loop, there && stage.at_arrival);
    set(Role::arm_loop, there && stage.at_arm);
    set(Role::exit_loop, false);
    set(Role::arm_open_limit, stage.arm_up);
    set(Role::arm_closed_limit, !stage.arm_up);
}

TEST_CASE("restart in every state, the vehicle still there: the same passage goes on without permission", "[lane]") {
    const auto& stage = GENERATE(from_range(stages));
    INFO(stage.name);
    LaneBench bench(settings_for(stage));
    reach(bench, stage);
    const auto id = bench.text("passage.detected", "passage");
    const auto ups = bench.commanded(Role::arm_up);
    const auto moved = bench.performed.size();
    bench.commits = Commits::at_once;
    bench.restart();
    CHECK(bench.performed.size() == moved);
    CHECK(bench.lane().view().mode == LaneMode::recovering);
    report(bench, stage, true);
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    CHECK(bench.count("passage.detected") == 1);
    CHECK(bench.open() == 1);
    CHECK(bench.lane().view().passages.front().id.text() == id);
    CHECK(bench.commanded(Role::arm_up) == ups);
    CHECK(bench.state() == (stage.at_arm ? PassageState::passing : PassageState::identifying));
    if (stage.has_place) {
        CHECK(bench.place() == UsageState::reserved);
        CHECK(bench.count("permission.ended") == 1);
    }
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
}

TEST_CASE("restart in every state, the lane clear: interrupted, and no place is freed", "[lane]") {
    const auto& stage = GENERATE(from_range(stages));
    INFO(stage.name);
    LaneBench bench(settings_for(stage));
    reach(bench, stage);
    bench.commits = Commits::at_once;
    bench.restart();
    report(bench, stage, false);
    CHECK(bench.open() == 0);
    CHECK(bench.outcome() == "interrupted");
    CHECK(bench.count("passage.ended") == 1);
    if (stage.has_place) {
        CHECK(bench.place() == UsageState::used);
        CHECK(bench.text("order.used", "evidence") == "cannot_exclude");
    }
    for (const auto& [key, body] : bench.memory) {
        CHECK(key.empty());
    }
}

TEST_CASE("a command without a result is unknown after a restart, and never repeated", "[lane]") {
    LaneBench bench;
    bench.answer_arm = false;
    bench.truck_arrives();
    REQUIRE(bench.commanded(Role::arm_up) == 1);
    REQUIRE(bench.count("arm.result") == 0);
    bench.restart();
    CHECK(bench.text("arm.result", "write") == "unknown");
    CHECK(bench.last("arm.result").find("commanded_sequence")->get<std::int64_t>() != nullptr);
    bench.on(Role::arrival_loop);
    for (const auto role : {Role::arm_loop, Role::exit_loop, Role::arm_open_limit}) {
        bench.off(role);
    }
    bench.on(Role::arm_closed_limit);
    bench.after(5s);
    CHECK(bench.commanded(Role::arm_up) == 1);
    // The same passage may use its own place again, by a new verdict.
    bench.answer_arm = true;
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.usage.size() == 1);
}

TEST_CASE("restart: nothing is moved until every input has two equal reads", "[lane]") {
    LaneBench bench;
    bench.restart();
    const auto before = bench.performed.size();
    bench.on(Role::arm_open_limit);
    for (const auto role : {Role::arrival_loop, Role::arm_loop, Role::exit_loop}) {
        bench.off(role);
    }
    bench.after(60s);
    CHECK(bench.lane().view().mode == LaneMode::recovering);
    CHECK(bench.performed.size() == before);
    bench.off(Role::arm_closed_limit);
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    bench.after(2s);
    CHECK(bench.commanded(Role::arm_down_request) == 1);  // up over an empty lane: asked down
}

TEST_CASE("restart: somebody stands there whom nobody knows", "[lane]") {
    LaneBench bench;
    bench.restart();
    bench.on(Role::arrival_loop);
    for (const auto role : {Role::arm_loop, Role::exit_loop, Role::arm_open_limit}) {
        bench.off(role);
    }
    bench.on(Role::arm_closed_limit);
    CHECK(bench.text("passage.detected", "origin") == "restart");
    CHECK(bench.state() == PassageState::identifying);
}

TEST_CASE("restart while it was under the arm, and now somebody is at the arrival loop: another vehicle", "[lane]") {
    LaneBench bench;
    reach(bench, stages.back());
    bench.restart();
    report(bench, stages.front(), true);
    CHECK(bench.outcome() == "interrupted");
    CHECK(bench.place() == UsageState::used);
    CHECK(bench.count("passage.detected") == 2);
    CHECK(bench.open() == 1);
}

TEST_CASE("journal outage in every state: nothing opens, and it goes on when it is back", "[lane]") {
    const auto& stage = GENERATE(from_range(stages));
    INFO(stage.name);
    LaneBench bench(settings_for(stage));
    reach(bench, stage);
    const auto ups = bench.commanded(Role::arm_up);
    bench.commits = Commits::never;
    bench.journal_lost();
    CHECK(bench.lane().view().mode == LaneMode::out_of_service);
    const auto written = bench.journal.size();
    bench.after(10s);
    bench.orders_changed();
    CHECK(bench.commanded(Role::arm_up) == ups);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.journal.size() == written);
    bench.decides = hold_of;
    bench.commits = Commits::at_once;
    bench.journal_back();
    bench.commit_all();
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    CHECK(bench.open() == 1);
    CHECK(bench.commanded(Role::arm_up) == ups);
    CHECK(bench.count("passage.detected") == 1);
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
    CHECK(bench.count("permission.began") == bench.count("permission.ended"));
}

TEST_CASE("journal outage: arrivals are counted, and who still stands there is detected late", "[lane]") {
    LaneBench bench;
    bench.journal_lost();
    bench.on(Role::arrival_loop);
    bench.off(Role::arrival_loop);
    bench.on(Role::arrival_loop);
    CHECK(bench.count("passage.detected") == 0);
    CHECK(bench.lane().view().detections_unrecorded == 2);
    bench.journal_back();
    CHECK(bench.text("passage.detected", "origin") == "detected_late");
    CHECK(bench.state() == PassageState::identifying);
}

TEST_CASE("an unknown input puts the lane out of service, red, and neither starts nor ends a passage", "[lane]") {
    const auto role =
        GENERATE(Role::arrival_loop, Role::arm_loop, Role::exit_loop, Role::arm_open_limit, Role::arm_closed_limit);
    INFO(text_of(role));
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    REQUIRE(bench.go() == LightColour::green);
    bench.unknown(role);
    CHECK(bench.lane().view().mode == LaneMode::out_of_service);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.count("permission.ended") == 1);
    bench.after(30s);
    CHECK(bench.open() == 1);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    const bool occupied = role == Role::arrival_loop || role == Role::arm_open_limit;
    occupied ? bench.on(role) : bench.off(role);
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    CHECK(bench.open() == 1);
    CHECK(bench.count("passage.detected") == 1);
    CHECK(bench.state() == PassageState::identifying);
    CHECK(bench.place() == UsageState::reserved);
}

TEST_CASE("a device that goes offline makes its inputs unknown", "[lane]") {
    LaneBench bench;
    bench.offline(Role::arm_loop);
    CHECK(bench.lane().view().mode == LaneMode::out_of_service);
    CHECK(bench.text("condition.began", "condition") == "presence_unknown");
    bench.online(Role::arm_loop);
    CHECK(bench.lane().view().mode == LaneMode::out_of_service);  // not before it was read
    bench.off(Role::arm_loop);
    CHECK(bench.lane().view().mode == LaneMode::automatic);
    CHECK(bench.text("condition.ended", "condition") == "presence_unknown");
}

TEST_CASE("unknown while it drove through: gone when the inputs are back, its place used", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    for (const auto role : {Role::arrival_loop, Role::arm_loop, Role::exit_loop}) {
        bench.unknown(role);
    }
    bench.after(20s);
    for (const auto role : {Role::arrival_loop, Role::arm_loop, Role::exit_loop}) {
        bench.off(role);
    }
    CHECK(bench.outcome() == "interrupted");
    CHECK(bench.text("order.used", "evidence") == "cannot_exclude");
}

}  // namespace
}  // namespace portcullis::lane
