// The Interlock, the limits and the lights.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

constexpr Instant t0{100s};

ArmScene good_up() {
    return {ArmPosition::down, true, Presence::clear, true, true, false};
}

ArmScene good_close() {
    return {ArmPosition::up, true, Presence::clear, true, true, false};
}

Permission committed() {
    Permission permission{PermissionId{{1}}, t0 + 120s};
    permission.commit();
    return permission;
}

TEST_CASE("up needs a committed permission, once, in time", "[interlock]") {
    Interlock interlock(out_lane());
    const auto permission = committed();
    const auto plan = interlock.plan_up({1}, permission, good_up(), t0);
    REQUIRE(plan);

    Permission proposed{permission.id(), t0 + 120s};
    CHECK(interlock.confirm(*plan, &proposed, good_up(), t0).error() == Refusal::no_permission);
    CHECK(interlock.confirm(*plan, nullptr, good_up(), t0).error() == Refusal::no_permission);
    auto ended = committed();
    ended.end();
    CHECK(interlock.confirm(*plan, &ended, good_up(), t0).error() == Refusal::no_permission);
    Permission other{PermissionId{{2}}, t0 + 120s};
    other.commit();
    CHECK(interlock.confirm(*plan, &other, good_up(), t0).error() == Refusal::no_permission);
    CHECK(interlock.confirm(*plan, &permission, good_up(), plan->not_after()).error() == Refusal::expired);

    const auto order = interlock.confirm(*plan, &permission, good_up(), t0 + 1ms);
    REQUIRE(order);
    CHECK(order->command().output == Role::arm_up);
    CHECK(order->command().act == OutputAct::pulse);
    CHECK(order->command().permission == permission.id());
    CHECK(order->command().not_after == t0 + 2s);

    // One command a permission, also when the arm was seen to move.
    interlock.motion_seen();
    CHECK(interlock.confirm(*plan, &permission, good_up(), t0 + 2ms).error() == Refusal::no_permission);
    CHECK(interlock.plan_up({2}, permission, good_up(), t0).error() == Refusal::no_permission);
}

TEST_CASE("up is refused unless the arm is closed, proved, and still", "[interlock]") {
    Interlock interlock(out_lane());
    const auto permission = committed();
    const auto plan = interlock.plan_up({1}, permission, good_up(), t0);
    REQUIRE(plan);
    const auto refusal = [&](auto change) {
        auto scene = good_up();
        change(scene);
        CHECK_FALSE(interlock.plan_up({2}, permission, scene, t0));
        return interlock.confirm(*plan, &permission, scene, t0).error();
    };
    for (const auto position : {ArmPosition::up, ArmPosition::moving, ArmPosition::contradict, ArmPosition::unknown}) {
        CHECK(refusal([&](ArmScene& scene) { scene.position = position; }) == Refusal::not_closed);
    }
    CHECK(refusal([](ArmScene& scene) { scene.limits_settled = false; }) == Refusal::not_closed);
    CHECK(refusal([](ArmScene& scene) { scene.in_service = false; }) == Refusal::out_of_service);
    CHECK(refusal([](ArmScene& scene) { scene.busy = true; }) == Refusal::busy);
}

TEST_CASE("never a close while presence is occupied, unknown, or not clear for long enough", "[interlock]") {
    const auto control = GENERATE(ArmControl::pulse, ArmControl::maintained);
    auto settings = out_lane();
    settings.arm.control = control;
    Interlock interlock(settings);
    const auto plan = interlock.plan_close({1}, good_close(), t0);
    REQUIRE(plan);
    const auto refusal = [&](auto change) {
        auto scene = good_close();
        change(scene);
        CHECK_FALSE(interlock.plan_close({2}, scene, t0));
        return interlock.confirm(*plan, nullptr, scene, t0).error();
    };
    CHECK(refusal([](ArmScene& scene) { scene.presence = Presence::occupied; }) == Refusal::presence);
    CHECK(refusal([](ArmScene& scene) { scene.presence = Presence::unknown; }) == Refusal::presence);
    CHECK(refusal([](ArmScene& scene) { scene.clear_for_hold = false; }) == Refusal::presence);
    CHECK(refusal([](ArmScene& scene) { scene.in_service = false; }) == Refusal::out_of_service);
    CHECK(refusal([](ArmScene& scene) { scene.position = ArmPosition::down; }) == Refusal::already_down);
    const auto order = interlock.confirm(*plan, nullptr, good_close(), t0);
    REQUIRE(order);
    CHECK(order->command().needs_clear_arm);
    CHECK(order->command().output == (control == ArmControl::pulse ? Role::arm_down_request : Role::arm_up));
    CHECK(order->command().act == (control == ArmControl::pulse ? OutputAct::pulse : OutputAct::off));
}

TEST_CASE("where the board closes, the daemon never does, but a held contact it still lets go", "[interlock]") {
    auto settings = out_lane();
    settings.arm.close = GENERATE(ArmClose::board_on_clear, ArmClose::board_timer);
    CHECK(Interlock(settings).plan_close({1}, good_close(), t0).error() == Refusal::board_closes);
    settings.arm.control = ArmControl::maintained;
    CHECK(Interlock(settings).plan_close({1}, good_close(), t0)->command() == ArmCommand::hold_release);
}

TEST_CASE("after so many commands without motion the arm is left alone until it moves", "[interlock]") {
    Interlock interlock(out_lane());
    for (int i = 0; i < Interlock::most_without_motion; ++i) {
        const auto plan = interlock.plan_close({1}, good_close(), t0);
        REQUIRE(plan);
        REQUIRE(interlock.confirm(*plan, nullptr, good_close(), t0));
    }
    CHECK(interlock.plan_close({1}, good_close(), t0).error() == Refusal::no_motion);
    CHECK_FALSE(interlock.allows_up(good_up()));
    interlock.motion_seen();
    CHECK(interlock.plan_close({1}, good_close(), t0));
}

TEST_CASE("a stop goes out only while the arm lowers, and only where one is wired", "[interlock]") {
    auto settings = out_lane();
    const ArmScene lowers{ArmPosition::moving, false, Presence::unknown, false, true, false, true, true};
    CHECK(Interlock(settings).plan_stop({1}, lowers, t0).error() == Refusal::not_wired);
    settings.roles.insert(Role::arm_stop);
    CHECK(Interlock(settings).plan_stop({1}, lowers, t0));
    auto scene = lowers;
    scene.lowering = false;
    CHECK(Interlock(settings).plan_stop({1}, scene, t0).error() == Refusal::not_lowering);
}

TEST_CASE("a stop needs a record and an arm that was not seen to settle, and no lane in service", "[interlock]") {
    auto settings = out_lane();
    settings.roles.insert(Role::arm_stop);
    Interlock interlock(settings);
    const ArmScene lowers{ArmPosition::moving, false, Presence::unknown, false, false, true, true, true};
    const auto plan = interlock.plan_stop({1}, lowers, t0);
    REQUIRE(plan);
    const auto confirm = [&](auto change) {
        auto scene = lowers;
        change(scene);
        return interlock.confirm(*plan, nullptr, scene, t0);
    };
    CHECK(confirm([](ArmScene&) {})->command().output == Role::arm_stop);
    CHECK(confirm([](ArmScene& scene) { scene.may_stop = false; }).error() == Refusal::out_of_service);
    CHECK(confirm([](ArmScene& scene) { scene.lowering = false; }).error() == Refusal::not_lowering);
    for (const auto settled : {ArmPosition::up, ArmPosition::down}) {
        const auto order = confirm([&](ArmScene& scene) {
            scene.position = settled;
            scene.lowering = false;
        });
        CHECK(order.error() == Refusal::not_lowering);
    }
    for (const auto unseen : {ArmPosition::unknown, ArmPosition::contradict}) {
        CHECK(confirm([&](ArmScene& scene) {
            scene.position = unseen;
            scene.lowering = false;
        }));
    }
}

// ---- in the lane

TEST_CASE("presence while the arm lowers: stop, red, recorded, never an arm-up", "[lane]") {
    const bool wired = GENERATE(false, true);
    auto settings = out_lane();
    if (wired) {
        settings.roles.insert(Role::arm_stop);
    }
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(1100ms);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    REQUIRE(bench.commanded(Role::arm_down_request) == 1);
    bench.arm_leaves_open();
    bench.on(Role::arm_loop);
    CHECK(bench.count("arm.obstructed") == 1);
    CHECK(bench.text("arm.obstructed", "stopped") == (wired ? "yes" : "not_wired"));
    CHECK(bench.commanded(Role::arm_stop) == (wired ? 1 : 0));
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.state() == PassageState::passing);
}

TEST_CASE("the arm does not move: one command, a fault, and no repeat", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.after(6100ms);
    CHECK(bench.text("arm.fault", "kind") == "no_movement");
    bench.after(60s);
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.go() == LightColour::red);
}

TEST_CASE("the arm does not reach its limit: fault and red, but late it is slow and green", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_leaves_closed();
    bench.after(6100ms);
    CHECK(bench.text("arm.fault", "kind") == "limit_not_reached");
    CHECK(bench.text("arm.moved", "to") == "moving_up");
    CHECK(bench.go() == LightColour::red);
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.fault", "kind") == "slow");
    CHECK(bench.text("arm.moved", "cause") == "commanded");
    CHECK(bench.go() == LightColour::green);
}

TEST_CASE("limits contradict: fault, red, nothing is commanded", "[lane]") {
    LaneBench bench;
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.fault", "kind") == "contradict");
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.count("verdict.issued") == 1);
    CHECK(bench.state() == PassageState::deciding);
    bench.off(Role::arm_open_limit);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("an arm that is forced is a fault, and its vehicle passes without permission", "[lane]") {
    LaneBench bench;
    bench.decides = hold_of;
    bench.truck_arrives();
    bench.on(Role::arm_loop);
    bench.arm_leaves_closed();
    CHECK(bench.text("arm.fault", "kind") == "unasked");
    CHECK(bench.state() == PassageState::passing);
    CHECK(bench.count("passage.tailgate") == 1);
    CHECK(bench.text("passage.tailgate", "permission_id") == "none");
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.moved", "cause") == "forced");
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "permission_id") == "none");
}

TEST_CASE("a board that closes by itself is no fault, and one that turns round is a reversal", "[lane]") {
    auto settings = out_lane();
    settings.arm.close = ArmClose::board_on_clear;
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.truck_leaves();
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    bench.arm_leaves_open();
    bench.after(500ms);
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.moved", "cause") == "reversal");
    bench.arm_closes();
    CHECK(bench.text("arm.moved", "cause") == "board_auto");
    CHECK(bench.count("arm.fault") == 0);
}

TEST_CASE("an arm that stays up over an empty lane is told of", "[lane]") {
    auto settings = out_lane();
    settings.arm.close = ArmClose::board_timer;
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.truck_leaves();
    bench.after(40s);
    CHECK(bench.text("condition.began", "condition") == "arm_up_clear");
    bench.arm_closes();
    CHECK(bench.text("condition.ended", "condition") == "arm_up_clear");
}

TEST_CASE("a maintained contact is held for the vehicle and let go when the arm is clear", "[lane]") {
    auto settings = out_lane();
    settings.arm.control = ArmControl::maintained;
    LaneBench bench(settings);
    bench.truck_arrives();
    REQUIRE(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.performed.back().act == OutputAct::on);
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.after(30s);
    CHECK(bench.commanded(Role::arm_up) == 1);
    bench.truck_leaves();
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.text("arm.commanded", "command") == "hold_release");
}

TEST_CASE("the write failed: the permission is over, nothing is repeated", "[lane]") {
    LaneBench bench;
    bench.arm_write = WriteOutcome::failed;
    bench.truck_arrives();
    CHECK(bench.text("arm.result", "write") == "failed");
    CHECK(bench.count("permission.ended") == 1);
    CHECK(bench.state() == PassageState::referred);
    bench.after(60s);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("a close that fails is tried a few times, slowly, and then left alone", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.arm_write = WriteOutcome::failed;
    bench.truck_leaves();
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    bench.arm_opens();
    bench.after(60s);
    CHECK(bench.commanded(Role::arm_down_request) <= 1 + Interlock::most_without_motion);
}

TEST_CASE("a commit that comes too late moves nothing", "[lane]") {
    LaneBench bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    bench.after(2100ms);
    bench.decides = hold_of;
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.text("arm.result", "write") == "expired");
}

TEST_CASE("the open limit decides the green, not the command", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_leaves_closed();
    bench.after(1s);
    CHECK(bench.go() == LightColour::red);
    bench.on(Role::arm_open_limit);
    CHECK(bench.go() == LightColour::green);
    CHECK(bench.text("lane.light", "proved") == "yes");
    bench.unknown(Role::exit_loop);
    CHECK(bench.go() == LightColour::red);
}

TEST_CASE("a light whose module was away is set anew, and only that one", "[lane]") {
    LaneBench bench;
    const auto go = bench.commanded(Role::light_go);
    const auto lane = bench.commanded(Role::light_lane);
    bench.online(Role::light_go);
    CHECK(bench.commanded(Role::light_go) == go + 1);
    CHECK(bench.commanded(Role::light_lane) == lane);
    bench.online(Role::arm_up);
    CHECK(bench.commanded(Role::light_go) == go + 1);
    CHECK(bench.commanded(Role::light_lane) == lane);
}

}  // namespace
}  // namespace portcullis::lane
