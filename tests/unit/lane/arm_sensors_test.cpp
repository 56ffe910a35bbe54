// Under the arm is seen by a loop, by a beam, or by both: whatever is wired (design.md 3, under the arm).
#include <stdexcept>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings with_beam_only() {
    auto settings = out_lane();
    settings.roles.erase(Role::arm_loop);
    settings.roles.insert(Role::arm_beam);
    return settings;
}

TEST_CASE("a beam alone sees a truck through: cleared, and the arm closes behind it", "[lane]") {
    LaneBench bench(with_beam_only());
    REQUIRE(bench.lane().view().mode == LaneMode::automatic);
    bench.truck_arrives();
    bench.arm_opens();
    REQUIRE(bench.go() == LightColour::green);
    bench.on(Role::arm_beam);
    CHECK(bench.state() == PassageState::passing);
    CHECK(bench.go() == LightColour::red);
    bench.off(Role::arrival_loop);
    bench.on(Role::exit_loop);
    bench.off(Role::arm_beam);
    bench.after(900ms);
    CHECK(bench.commanded(Role::arm_down_request) == 0);  // not clear for `hold` yet
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.commanded(Role::arm_down_request) == 1);
}

TEST_CASE("a beam alone: who comes under it first is on the wrong way, and told of by the beam", "[lane]") {
    LaneBench bench(with_beam_only());
    bench.on(Role::arm_beam);
    CHECK(bench.count("passage.wrong_way") == 1);
    CHECK(bench.text("passage.detected", "by") == "arm_beam");
}

TEST_CASE("a beam alone that is unknown: out of service, and nothing closes", "[lane]") {
    LaneBench bench(with_beam_only());
    bench.truck_arrives();
    bench.arm_opens();
    bench.unknown(Role::arm_beam);
    CHECK(bench.lane().view().mode == LaneMode::out_of_service);
    bench.off(Role::arrival_loop);
    bench.after(60s);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
}

TEST_CASE("a beam alone after a restart: who stands in it goes on, detected by it", "[lane]") {
    LaneBench bench(with_beam_only());
    bench.restart();
    bench.on(Role::arm_beam);
    for (const auto role : {Role::arrival_loop, Role::exit_loop, Role::arm_open_limit}) {
        bench.off(role);
    }
    bench.on(Role::arm_closed_limit);
    CHECK(bench.text("passage.detected", "by") == "arm_beam");
}

TEST_CASE("loop and beam: clear only when both are", "[lane]") {
    auto settings = out_lane();
    settings.roles.insert(Role::arm_beam);
    LaneBench bench(settings);
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_beam);
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(5s);
    bench.off(Role::arm_beam);
    bench.off(Role::exit_loop);
    bench.after(900ms);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
    bench.after(200ms);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
}

TEST_CASE("a lane that sees nothing under its arm cannot be", "[lane]") {
    auto settings = out_lane();
    settings.roles.erase(Role::arm_loop);
    CHECK_THROWS_AS(LaneBench(settings), std::invalid_argument);
}

}  // namespace
}  // namespace portcullis::lane
