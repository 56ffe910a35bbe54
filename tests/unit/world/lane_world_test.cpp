#include "simulators/world/lane_world.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::world {
namespace {

constexpr double tick = 0.02;

Vehicle truck() {
    Vehicle vehicle;
    vehicle.plate = "闽D12345";
    vehicle.boxes.push_back(box_40("CSQU3054383"));
    return vehicle;
}

/// Steps until `done` or two minutes of the world have gone by; returns whether it was done.
template <class Done>
bool run_until(LaneWorld& lane, Done done, std::vector<Sighting>* sightings = nullptr) {
    for (int i = 0; i < 6000; ++i) {
        if (done()) {
            return true;
        }
        lane.step(tick, [&](const Sighting& sighting) {
            if (sightings != nullptr) {
                sightings->push_back(sighting);
            }
        });
    }
    return done();
}

bool stands_at_line(const LaneWorld& lane) {
    return !lane.vehicles().empty() && lane.vehicles().front().front > -0.3 && lane.vehicles().front().speed == 0;
}

}  // namespace

TEST_CASE("a truck stops at the line, is seen by both cameras and breaks the load beams of a 40 ft box") {
    LaneWorld lane{{}, {}};
    lane.spawn(truck());
    std::vector<Sighting> sightings;
    REQUIRE(run_until(
        lane, [&] { return stands_at_line(lane); }, &sightings));
    REQUIRE(sightings.size() == 2);
    CHECK(sightings[0].text == "闽D12345");
    CHECK(sightings[1].text == "CSQU3054383");
    CHECK(lane.input(Role::arrival_loop));
    CHECK(lane.input(Role::load_beam_fore));
    CHECK(lane.input(Role::load_beam_mid));
    CHECK(lane.input(Role::load_beam_aft));
    CHECK_FALSE(lane.input(Role::arm_loop));
}

TEST_CASE("a truck goes only on green with the arm up, and is counted when it is wholly past the arm") {
    LaneWorld lane{{}, {}};
    lane.spawn(truck());
    REQUIRE(run_until(lane, [&] { return stands_at_line(lane); }));
    lane.light_go(true);
    CHECK_FALSE(run_until(lane, [&] { return lane.input(Role::arm_loop); }));
    lane.barrier().open_contact(true);
    REQUIRE(run_until(lane, [&] { return lane.truth().passed == 1; }));
    REQUIRE(run_until(lane, [&] { return lane.vehicles().empty(); }));
    CHECK(lane.truth().struck == 0);
}

TEST_CASE("the board's own loop refuses to lower on a truck and reverses when one comes") {
    LaneWorld lane{{}, {}};
    auto vehicle = truck();
    vehicle.manoeuvres.push_back({5.0, Manoeuvre::Do::stop, 20.0});
    lane.spawn(vehicle);
    lane.light_go(true);
    lane.barrier().open_contact(true);
    REQUIRE(run_until(lane, [&] { return lane.input(Role::arm_loop); }));
    lane.barrier().open_contact(false);
    lane.barrier().close_contact(true);
    lane.step(tick, {});
    CHECK(lane.barrier().refused_closes() == 1);
    CHECK(lane.barrier().is_up());
}

TEST_CASE("a skeletal trailer lets the loop go between tractor and axles, not the beam") {
    Vehicle vehicle = truck();
    vehicle.loop_gap = Stretch{5.0, 12.0};
    vehicle.front = 12.0;
    CHECK_FALSE(vehicle.over_loop({2.0, 5.0}));
    CHECK(vehicle.breaks_beam(3.2));
}

TEST_CASE("an arm without a working board loop does strike: the ground truth says so") {
    LaneWorld lane{{}, {}};
    lane.spawn(truck());
    lane.light_go(true);
    lane.barrier().open_contact(true);
    REQUIRE(run_until(lane, [&] { return lane.vehicle(1)->front > 6; }));
    // A vehicle that the board's loop does not feel: all metal lies in the gap.
    lane.vehicle(1)->loop_gap = Stretch{0.0, 16.0};
    lane.barrier().open_contact(false);
    lane.barrier().close_contact(true);
    CHECK(run_until(lane, [&] { return lane.truth().struck == 1; }));
}

TEST_CASE("a van from the wrong side stands at the closed arm, and goes back to where it came from") {
    LaneWorld lane{{}, {}};
    auto van = truck();
    van.length = 6;
    van.intent = Intent::wrong_way;
    const int id = lane.spawn(van);
    REQUIRE(run_until(lane, [&] { return lane.input(Role::arm_loop) && lane.vehicle(id)->speed == 0; }));
    lane.vehicle(id)->reversing = true;
    REQUIRE(run_until(lane, [&] { return lane.vehicles().empty(); }));
    CHECK_FALSE(lane.input(Role::arrival_loop));
    CHECK(lane.truth().passed == 0);
    CHECK(lane.truth().turned == 0);
}

TEST_CASE("a bridge feels a truck axle by axle, all of it at the line, and nothing when it has left") {
    LaneWorld lane{{}, {}};
    auto heavy = truck();
    heavy.mass_kg = 40'000;
    lane.spawn(heavy);
    CHECK(lane.mass_on_bridge() == 0);
    REQUIRE(run_until(lane, [&] { return lane.mass_on_bridge() > 20'000; }));
    CHECK(lane.rolls_on_bridge());
    CHECK(lane.mass_on_bridge() < 40'000);
    REQUIRE(run_until(lane, [&] { return stands_at_line(lane); }));
    CHECK(lane.mass_on_bridge() == 40'000);
    CHECK_FALSE(lane.rolls_on_bridge());
    lane.light_go(true);
    lane.barrier().open_contact(true);
    REQUIRE(run_until(lane, [&] { return lane.truth().passed == 1; }));
    CHECK(lane.mass_on_bridge() == 0);
}

}  // namespace portcullis::world
