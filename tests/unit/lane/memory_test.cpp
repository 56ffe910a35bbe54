// What a lane knows of its passages after a restart: of the process, or of the machine with its clock.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// Inputs as the devices report them after a start: somebody under an open arm.
void report_under_arm(LaneBench& bench, bool behind) {
    behind ? bench.on(Role::arrival_loop) : bench.off(Role::arrival_loop);
    bench.on(Role::arm_loop);
    bench.off(Role::exit_loop);
    bench.off(Role::arm_closed_limit);
    bench.on(Role::arm_open_limit);
}

void truck_under_arm(LaneBench& bench) {
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.after(2s);
}

void goes_on_through(LaneBench& bench) {
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(2s);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
}

TEST_CASE("who is ahead is known over a restart of the machine, whose clock begins anew", "[lane]") {
    LaneBench bench;
    truck_under_arm(bench);
    const auto first = bench.text("passage.detected", "passage");
    bench.reboot();
    report_under_arm(bench, false);
    REQUIRE(bench.state() == PassageState::passing);
    bench.on(Role::arrival_loop);  // the next truck comes up, at an earlier time than the first
    REQUIRE(bench.open() == 2);
    bench.restart();
    CHECK(bench.lane().view().passages.front().id.text() == first);
    report_under_arm(bench, true);
    REQUIRE(bench.open() == 2);
    CHECK(bench.state(0) == PassageState::passing);
    goes_on_through(bench);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "passage") == first);
}

TEST_CASE("who came against the way stays ahead over a restart", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.on(Role::exit_loop);
    REQUIRE(bench.open() == 2);
    const auto against = bench.text("passage.wrong_way", "passage");
    bench.restart();
    CHECK(bench.lane().view().passages.front().id.text() == against);
}

}  // namespace
}  // namespace portcullis::lane
