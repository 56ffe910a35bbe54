// Why the arm moved: it was commanded only if the command was written (events.md, arm.moved).
#include <functional>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// A released truck whose arm-up waits in a device that will answer `write`.
struct Waiting : LaneBench {
    explicit Waiting(WriteOutcome write, LaneSettings settings = out_lane()) : LaneBench(std::move(settings)) {
        answer_arm = false;
        arm_write = write;
        truck_arrives();
        REQUIRE(commanded(Role::arm_up) == 1);
    }
};

const auto not_written = {WriteOutcome::expired, WriteOutcome::withdrawn};

TEST_CASE("an arm that a key lifts while its command waits was not commanded", "[lane]") {
    for (const auto write : not_written) {
        Waiting bench(write);
        bench.arm_leaves_closed();
        CHECK(bench.count("arm.fault") == 0);
        bench.device_answers();
        CHECK(bench.count("arm.fault") == 1);
        CHECK(bench.text("arm.fault", "kind") == "unasked");
        bench.on(Role::arm_open_limit);
        CHECK(bench.text("arm.moved", "cause") == "unknown");
        CHECK(bench.text("arm.moved", "permission_id") == "none");
        CHECK(bench.go() == LightColour::red);
    }
}

TEST_CASE("an arm that rises over a vehicle while its command waits was forced", "[lane]") {
    Waiting bench(WriteOutcome::expired);
    bench.on(Role::arm_loop);
    bench.arm_leaves_closed();
    bench.device_answers();
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.moved", "cause") == "forced");
}

TEST_CASE("an arm whose command was written, or may have been, was commanded", "[lane]") {
    const auto write = GENERATE(WriteOutcome::done, WriteOutcome::unknown);
    Waiting bench(write);
    bench.arm_leaves_closed();
    bench.device_answers();
    bench.on(Role::arm_open_limit);
    CHECK(bench.text("arm.moved", "cause") == "commanded");
    CHECK(bench.count("arm.fault") == 0);
}

TEST_CASE("an answer that comes when the motion was told already is a fault of its own", "[lane]") {
    Waiting bench(WriteOutcome::expired);
    bench.arm_leaves_closed();
    bench.on(Role::arm_open_limit);
    REQUIRE(bench.text("arm.moved", "cause") == "commanded");
    bench.device_answers();
    CHECK(bench.text("arm.fault", "kind") == "unasked");
}

TEST_CASE("an answer to a command without motion says nothing of the motion before", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    REQUIRE(bench.text("arm.moved", "cause") == "commanded");
    bench.arm_write = WriteOutcome::withdrawn;
    bench.off(Role::arrival_loop);
    bench.after(6s);
    REQUIRE(bench.commanded(Role::arm_down_request) > 0);
    CHECK(bench.count("arm.fault") == 0);
}

TEST_CASE("an arm that comes down while its close waits was not commanded, and a board that closes is no fault",
          "[lane]") {
    using Row = std::pair<ArmClose, std::string>;
    const auto [close, cause] =
        GENERATE(values<Row>({{ArmClose::daemon_request, "unknown"}, {ArmClose::board_timer, "board_auto"}}));
    auto settings = out_lane();
    settings.arm.control = ArmControl::maintained;
    settings.arm.close = close;
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.answer_arm = false;
    bench.arm_write = WriteOutcome::expired;
    bench.off(Role::arrival_loop);
    bench.after(5100ms);
    REQUIRE(bench.text("arm.commanded", "command") == "hold_release");
    const bool told_before = GENERATE(false, true);
    bench.arm_leaves_open();
    if (told_before) {
        bench.on(Role::arm_closed_limit);
    }
    bench.device_answers();
    if (!told_before) {
        bench.on(Role::arm_closed_limit);
        CHECK(bench.text("arm.moved", "cause") == cause);
    }
    CHECK(bench.count("arm.fault") == (close == ArmClose::daemon_request ? 1 : 0));
}

TEST_CASE("a close that is never written does not move an arm that stands between its limits", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_leaves_closed();
    bench.after(6100ms);
    REQUIRE(bench.text("arm.fault", "kind") == "limit_not_reached");
    const auto moved = bench.count("arm.moved");
    bench.arm_write = WriteOutcome::withdrawn;
    bench.off(Role::arrival_loop);
    bench.after(60s);
    REQUIRE(bench.commanded(Role::arm_down_request) > 1);
    CHECK(bench.count("arm.fault") == 1);
    CHECK(bench.count("arm.moved") == moved);
}

}  // namespace
}  // namespace portcullis::lane
