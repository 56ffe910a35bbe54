// The arm lowers and something is, or may be, under it: stop where a stop is wired, red, told, never an arm-up of our
// own (design.md 3, unknown presence).
#include <algorithm>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings with_stop(bool wired = true) {
    auto settings = out_lane();
    if (wired) {
        settings.roles.insert(Role::arm_stop);
    }
    return settings;
}

/// The truck has gone back and the arm has been asked down behind it.
struct Closing : LaneBench {
    explicit Closing(LaneSettings settings = with_stop()) : LaneBench(std::move(settings)) {
        truck_arrives();
        arm_opens();
        off(Role::arrival_loop);
        after(5100ms);
        REQUIRE(commanded(Role::arm_down_request) == 1);
    }
    [[nodiscard]] LaneMode mode() const { return lane().view().mode; }
};

TEST_CASE("presence that nobody knows while the arm lowers counts as a vehicle", "[lane]") {
    const bool wired = GENERATE(false, true);
    Closing bench(with_stop(wired));
    bench.arm_leaves_open();
    bench.unknown(Role::arm_loop);
    CHECK(bench.count("arm.obstructed") == 1);
    CHECK(bench.text("arm.obstructed", "stopped") == (wired ? "yes" : "not_wired"));
    CHECK(bench.commanded(Role::arm_stop) == (wired ? 1 : 0));
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
    CHECK(bench.text("arm.result", "write") == "done");
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.mode() == LaneMode::out_of_service);
    CHECK(bench.go() == LightColour::red);
}

TEST_CASE("a close that waits in a device is taken back when presence becomes unknown, and the stop is not", "[lane]") {
    auto settings = with_stop();
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.answer_arm = false;
    bench.off(Role::arrival_loop);
    bench.after(5100ms);
    REQUIRE(bench.commanded(Role::arm_down_request) == 1);
    bench.arm_leaves_open();
    bench.unknown(Role::arm_loop);
    CHECK(bench.text("arm.obstructed", "withdrawn") == "yes");
    REQUIRE(bench.commanded(Role::arm_stop) == 1);
    const auto of = [&](Role output) {
        return std::find_if(bench.performed.begin(), bench.performed.end(),
                            [&](const Command& one) { return one.output == output; })
            ->id;
    };
    CHECK(bench.withdrawn == std::vector{of(Role::arm_down_request)});
    bench.device_answers();
    CHECK(bench.text("arm.result", "write") == "done");
    CHECK(bench.last("arm.result").find("passage") != nullptr);
}

TEST_CASE("what comes under an arm that lowers in a lane out of service is stopped for too", "[lane]") {
    Closing bench;
    bench.arm_leaves_open();
    bench.unknown(Role::exit_loop);
    REQUIRE(bench.mode() == LaneMode::out_of_service);
    CHECK(bench.count("arm.obstructed") == 0);
    bench.on(Role::arm_loop);
    CHECK(bench.count("arm.obstructed") == 1);
    CHECK(bench.commanded(Role::arm_stop) == 1);
}

TEST_CASE("an arm that begins to lower over something is stopped", "[lane]") {
    Closing bench;
    bench.on(Role::arm_loop);  // after the write, before the arm has left its limit
    CHECK(bench.commanded(Role::arm_stop) == 0);
    bench.arm_leaves_open();
    CHECK(bench.count("arm.obstructed") == 1);
    CHECK(bench.commanded(Role::arm_stop) == 1);
}

TEST_CASE("an arm that stands between its limits is not stopped for everybody who passes under it", "[lane]") {
    Closing bench;
    bench.arm_leaves_open();
    bench.on(Role::arm_loop);
    REQUIRE(bench.commanded(Role::arm_stop) == 1);
    bench.unknown(Role::exit_loop);
    bench.after(20s);
    for (int i = 0; i < 10; ++i) {
        bench.off(Role::arm_loop);
        bench.on(Role::arm_loop);
    }
    CHECK(bench.commanded(Role::arm_stop) == 1);
    CHECK(bench.count("arm.obstructed") == 1);
}

TEST_CASE("an arm that has settled before the stop's record is durable is not stopped", "[lane]") {
    const auto limit = GENERATE(Role::arm_open_limit, Role::arm_closed_limit);
    Closing bench;
    bench.arm_leaves_open();
    bench.commits = Commits::by_hand;
    bench.unknown(Role::arm_loop);
    REQUIRE(bench.text("arm.obstructed", "stopped") == "yes");
    bench.on(limit);
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_stop) == 0);
    CHECK(bench.text("arm.result", "write") == "withdrawn");
}

TEST_CASE("an arm that nobody sees any more is stopped", "[lane]") {
    Closing bench;
    bench.arm_leaves_open();
    bench.commits = Commits::by_hand;
    bench.unknown(Role::arm_loop);
    bench.unknown(Role::arm_open_limit);
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_stop) == 1);
}

TEST_CASE("a stop whose record never becomes durable does not go out, and has its result", "[lane]") {
    Closing bench;
    bench.arm_leaves_open();
    bench.commits = Commits::by_hand;
    bench.unknown(Role::arm_loop);
    bench.journal_lost();
    bench.commit_all();
    bench.journal_back();
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_stop) == 0);
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
}

TEST_CASE("nothing goes out of a lane that cannot record it", "[lane]") {
    Closing bench;
    bench.arm_leaves_open();
    bench.journal_lost();
    bench.unknown(Role::arm_loop);
    CHECK(bench.commanded(Role::arm_stop) == 0);
}

TEST_CASE("a lane that has not recovered yet knows no arm that lowers", "[lane]") {
    Closing bench;
    bench.restart();
    bench.on(Role::arm_open_limit);
    bench.off(Role::arm_closed_limit);
    bench.arm_leaves_open();
    bench.on(Role::arm_loop);
    REQUIRE(bench.mode() == LaneMode::recovering);
    CHECK(bench.count("arm.obstructed") == 0);
    CHECK(bench.commanded(Role::arm_stop) == 0);
}

}  // namespace
}  // namespace portcullis::lane
