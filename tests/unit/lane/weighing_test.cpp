// What a vehicle weighs: whose weight it is, and when nobody knows.
#include <memory>

#include "core/time_text.hpp"
#include "lane_bench.hpp"
#include "supervision/evaluate.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::lane;

namespace {

constexpr auto step_of_frames = 250ms;

LaneSettings weighing_lane() {
    auto settings = out_lane();
    settings.roles.insert(Role::weighbridge);
    settings.weigh.holds_whole_vehicle = true;
    settings.weigh.verified_until = "2099-12-31";
    settings.weigh.verified_to = *time_from_text("2100-01-01T00:00:00.000Z");
    return settings;
}

/// The indicator says so for a while, four times a second.
void shows(LaneBench& bench, WeightState state, std::optional<std::int64_t> kg, std::chrono::milliseconds time) {
    for (auto left = time; left >= 0ms; left -= step_of_frames) {
        bench.handle(Observed{Role::weighbridge, {DeviceName{"scale"}, {}, bench.instant(), WeightSeen{state, kg}}});
        if (left > 0ms) {
            bench.after(step_of_frames);
        }
    }
}

void shows_nothing(LaneBench& bench) {
    bench.handle(Observed{Role::weighbridge, {DeviceName{"scale"}, {}, bench.instant(), WeightSeen{}}});
}

void drives_on(LaneBench& bench) {
    bench.on(Role::arrival_loop);
    shows(bench, WeightState::moving, 30'000, 500ms);
}

void is_read(LaneBench& bench) {
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
}

std::optional<std::int64_t> asked_with(const LaneBench& bench) {
    return bench.asked.back().facts.measures.gross_vehicle_kg;
}

std::string told(const LaneBench& bench, std::string_view field) {
    const auto& value = *bench.last("weight.taken").find(field);
    const auto* number = value.get<std::int64_t>();
    return number == nullptr ? *value.get<std::string>() : std::to_string(*number);
}

std::string weighed_as(const LaneBench& bench) {
    return told(bench, "state") + " " + told(bench, "gross_vehicle_kg");
}

/// An empty bridge, and a vehicle that stands at the stop line with all readings.
void truck_stands(LaneBench& bench, std::int64_t zero = 0) {
    bench.all_quiet();
    shows(bench, WeightState::stable, zero, 2s);
    drives_on(bench);
    is_read(bench);
    shows(bench, WeightState::stable, 40'120, 1s);
}

}  // namespace

TEST_CASE("a vehicle is weighed when it has stood for a second, and decided with its weight") {
    LaneBench bench{weighing_lane()};
    truck_stands(bench, 20);
    CHECK(bench.count("weight.taken") == 1);
    CHECK(weighed_as(bench) == "stable 40120");
    CHECK(told(bench, "whole_vehicle") == "yes");
    CHECK(told(bench, "zero_before_kg") == "20");
    CHECK(told(bench, "device_verified_until") == "2099-12-31");
    CHECK(told(bench, "tare_source") == "none");
    CHECK(bench.first("weight.taken").subject == "device/scale");
    CHECK(asked_with(bench) == 40'120);
}

TEST_CASE("the tare that was decided with is told with the weight") {
    LaneBench bench{weighing_lane()};
    bench.decides = [](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        verdict.vehicle_tare = {14'500, TareSource::vehicles};
        return verdict;
    };
    truck_stands(bench);
    CHECK(told(bench, "vehicle_tare_kg") == "14500");
    CHECK(told(bench, "tare_source") == "vehicles");
}

TEST_CASE("one frame without motion is no standing vehicle, and the weight that moves is none") {
    auto settings = weighing_lane();
    LaneBench bench{settings};
    bench.all_quiet();
    shows(bench, WeightState::stable, 0, 2s);
    bench.on(Role::arrival_loop);
    is_read(bench);
    for (int i = 0; i < 10; ++i) {
        shows(bench, WeightState::moving, 40'000 + i, 500ms);
        shows(bench, WeightState::stable, 40'000 + i, 0ms);
    }
    CHECK(bench.count("passage.identified") == 0);
    shows(bench, WeightState::moving, 40'120, settings.identify_within);
    CHECK(weighed_as(bench) == "moving unknown");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("nobody waits for an indicator that is dead, and its last value is not taken") {
    LaneBench bench{weighing_lane()};
    bench.all_quiet();
    shows(bench, WeightState::stable, 40'120, 2s);
    shows_nothing(bench);
    bench.on(Role::arrival_loop);
    is_read(bench);
    CHECK(bench.count("passage.identified") == 1);
    CHECK(weighed_as(bench) == "absent unknown");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("an indicator that is not heard of any more has no weight") {
    LaneBench bench{weighing_lane()};
    bench.all_quiet();
    shows(bench, WeightState::stable, 0, 2s);
    bench.after(4s);
    bench.on(Role::arrival_loop);
    is_read(bench);
    CHECK(weighed_as(bench) == "absent unknown");
}

TEST_CASE("over the range, and what the device calls a fault, is no weight") {
    LaneBench bench{weighing_lane()};
    bench.all_quiet();
    shows(bench, WeightState::stable, 0, 2s);
    bench.on(Role::arrival_loop);
    is_read(bench);
    shows(bench, WeightState::over, std::nullopt, bench.settings().identify_within);
    CHECK(weighed_as(bench) == "over unknown");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("a bridge that shows the same as before the vehicle came is stuck") {
    LaneBench bench{weighing_lane()};
    truck_stands(bench);
    bench.truck_leaves();
    REQUIRE(bench.open() == 0);
    shows(bench, WeightState::stable, 40'120, 5s);  // as the truck before
    bench.on(Role::arrival_loop);
    is_read(bench);
    shows(bench, WeightState::stable, 40'120, bench.settings().identify_within);
    CHECK(weighed_as(bench) == "fault unknown");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("of two that stand so close that the loop never lets go, the second has its own weight") {
    for (const bool stuck : {false, true}) {
        CAPTURE(stuck);
        LaneBench bench{weighing_lane()};
        truck_stands(bench);
        bench.arm_opens();
        bench.on(Role::arm_loop);
        if (!stuck) {
            shows(bench, WeightState::moving, 60'000, 1s);
        }
        shows(bench, WeightState::stable, stuck ? 40'120 : 22'000, 2s);
        bench.on(Role::exit_loop);
        bench.off(Role::arm_loop);
        bench.after(500ms);
        bench.off(Role::exit_loop);
        shows(bench, WeightState::stable, stuck ? 40'120 : 22'000, 3s);
        REQUIRE(bench.count("passage.detected") == 2);
        bench.read(Role::plate_front, "闽D54321");
        bench.read(Role::container_rear, b_box);
        shows(bench, WeightState::stable, stuck ? 40'120 : 22'000, 2s);
        if (!stuck) {
            CHECK(weighed_as(bench) == "stable 22000");
            CHECK(asked_with(bench) == 22'000);
        } else {
            shows(bench, WeightState::stable, 40'120, bench.settings().identify_within);
            CHECK(weighed_as(bench) == "fault unknown");
            CHECK_FALSE(asked_with(bench));
        }
    }
}

TEST_CASE("with another vehicle that may be on the bridge nobody knows whose weight it is") {
    LaneBench bench{weighing_lane()};
    truck_stands(bench);
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.after(1s);
    bench.on(Role::arrival_loop);  // the next one, while the first is under the arm
    shows(bench, WeightState::moving, 50'000, 1s);
    bench.read(Role::plate_front, "闽D54321");
    bench.read(Role::container_rear, b_box);
    shows(bench, WeightState::stable, 61'000, 2s);  // and the first one's last axle
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    shows(bench, WeightState::stable, 61'000, 1s);
    bench.off(Role::exit_loop);
    shows(bench, WeightState::stable, 61'000, 1500ms);
    CHECK(bench.count("passage.ended") == 1);
    CHECK(bench.count("weight.taken") == 1);
    shows(bench, WeightState::moving, 30'000, 1s);
    shows(bench, WeightState::stable, 22'000, 1500ms);
    CHECK(weighed_as(bench) == "stable 22000");
    CHECK(asked_with(bench) == 22'000);
}

TEST_CASE("beams at its ends say whether all of the vehicle stands on the bridge") {
    auto settings = weighing_lane();
    settings.weigh.holds_whole_vehicle = false;
    settings.roles.insert({Role::bridge_beam_front, Role::bridge_beam_rear});
    LaneBench bench{settings};
    bench.all_quiet();
    bench.off(Role::bridge_beam_front);
    bench.off(Role::bridge_beam_rear);
    shows(bench, WeightState::stable, 0, 2s);
    bench.on(Role::bridge_beam_rear);
    drives_on(bench);
    is_read(bench);
    bench.decides = hold_of;
    shows(bench, WeightState::stable, 28'000, settings.identify_within);  // its last axles are beside the bridge
    CHECK(weighed_as(bench) == "stable 28000");
    CHECK(told(bench, "whole_vehicle") == "no");
    CHECK_FALSE(asked_with(bench));

    shows(bench, WeightState::moving, 33'000, 500ms);
    bench.off(Role::bridge_beam_rear);
    shows(bench, WeightState::stable, 40'120, 1s);
    CHECK(bench.count("weight.taken") == 2);
    CHECK(told(bench, "whole_vehicle") == "yes");
    CHECK(asked_with(bench) == 40'120);
}

TEST_CASE("without beams or the site's word nobody knows whether all of it was weighed") {
    auto settings = weighing_lane();
    settings.weigh.holds_whole_vehicle = false;
    LaneBench bench{settings};
    truck_stands(bench);
    CHECK(told(bench, "whole_vehicle") == "unknown");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("past its legal verification a weight is on record, and no rule may rest on it") {
    auto settings = weighing_lane();
    settings.weigh.verified_until = "2020-01-01";
    settings.weigh.verified_to = *time_from_text("2020-01-02T00:00:00.000Z");
    LaneBench bench{settings};
    truck_stands(bench);
    CHECK(weighed_as(bench) == "stable 40120");
    CHECK(told(bench, "device_verified_until") == "2020-01-01");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("a bridge that did not show zero before weighs nothing") {
    LaneBench bench{weighing_lane()};
    truck_stands(bench, 180);
    CHECK(weighed_as(bench) == "stable 40120");
    CHECK(told(bench, "zero_before_kg") == "180");
    CHECK_FALSE(asked_with(bench));
}

TEST_CASE("a vehicle that leaves before it is decided about has its weighing all the same") {
    LaneBench bench{weighing_lane()};
    bench.decides = nullptr;
    truck_stands(bench);
    CHECK(bench.count("weight.taken") == 0);
    bench.off(Role::arrival_loop);
    bench.after(30s);
    CHECK(bench.count("passage.ended") == 1);
    CHECK(bench.count("weight.taken") == 1);
}

TEST_CASE("an empty bridge that does not show zero for long is a condition of the lane, and ends with it") {
    LaneBench bench{weighing_lane()};
    bench.all_quiet();
    shows(bench, WeightState::stable, 240, 9min);
    CHECK(bench.count("condition.began") == 0);
    shows(bench, WeightState::stable, 240, 2min);
    REQUIRE(bench.count("condition.began") == 1);
    CHECK(bench.text("condition.began", "condition") == "weight_not_zero");
    CHECK(*bench.last("condition.began").find("value") == Value{240});
    shows(bench, WeightState::stable, 0, 1s);
    CHECK(bench.count("condition.ended") == 1);
}

TEST_CASE("a lane without a weighbridge tells of no weight") {
    LaneBench bench;
    bench.all_quiet();
    bench.truck_arrives();
    CHECK(bench.count("weight.taken") == 0);
}

// ---- with a rule about weights

namespace {

/// The goods are declared with 20,000 kg, in a box of 3,900 kg, on a vehicle of 14,000 kg.
void is_ruled(LaneBench& bench, UnknownOutcome unknown, std::optional<std::int64_t> vehicle_tare = 14'000) {
    namespace terms = supervision::testing;
    auto rules = terms::ruleset(
        {terms::inspecting(terms::rule("Q27", {terms::is(PredicateKind::weight_delta, {"yes"})}), unknown)});
    rules.weight = {50, 1000, ToleranceChoice::larger};
    const auto compiled = std::make_shared<const supervision::CompiledRuleset>(std::move(rules));
    bench.decides = [compiled, vehicle_tare](PassageFacts facts) {
        facts.measures.vehicle_tare_kg = vehicle_tare;
        auto order = terms::release_order("R-1", a_box);
        auto& release = terms::release_of(order);
        release.gross_kg = 20'000;
        release.mass_basis = MassBasis::goods;
        release.box_tare_kg = 3'900;
        return supervision::evaluate(*compiled, facts, terms::found({order}), terms::today());
    };
}

void weighs(LaneBench& bench, std::int64_t kg) {
    bench.all_quiet();
    shows(bench, WeightState::stable, 0, 2s);
    drives_on(bench);
    is_read(bench);
    shows(bench, WeightState::stable, kg, 1s);
}

}  // namespace

TEST_CASE("what weighs as declared is released, with its difference on record") {
    LaneBench bench{weighing_lane()};
    is_ruled(bench, UnknownOutcome::hold);
    weighs(bench, 38'400);
    CHECK(bench.text("verdict.issued", "outcome") == "release");
    CHECK(bench.text("verdict.issued", "weight_delta_kg") == "500");
    CHECK(bench.text("verdict.issued", "declared_kg") == "20000");
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("what weighs otherwise than declared gets what the rule says") {
    LaneBench bench{weighing_lane()};
    is_ruled(bench, UnknownOutcome::hold);
    weighs(bench, 44'000);
    CHECK(bench.text("verdict.issued", "outcome") == "inspect");
    CHECK(bench.text("verdict.issued", "weight_delta_kg") == "6100");
}

TEST_CASE("a weight that nobody knows releases nobody") {
    struct Case {
        const char* what;
        LaneSettings settings;
        std::int64_t zero;
        std::optional<std::int64_t> tare;
    };
    auto unverified = weighing_lane();
    unverified.weigh.verified_to.reset();
    auto partly = weighing_lane();
    partly.weigh.holds_whole_vehicle = false;
    const std::vector<Case> cases{{"its verification is not known", unverified, 0, 14'000},
                                  {"part of it may stand beside the bridge", partly, 0, 14'000},
                                  {"the bridge did not show zero", weighing_lane(), 260, 14'000},
                                  {"nobody says the vehicle's tare", weighing_lane(), 0, std::nullopt}};
    for (const auto& one : cases) {
        CAPTURE(one.what);
        LaneBench bench{one.settings};
        is_ruled(bench, UnknownOutcome::hold, one.tare);
        truck_stands(bench, one.zero);
        CHECK(bench.text("verdict.issued", "outcome") == "hold");
        CHECK(bench.text("verdict.issued", "weight_delta_kg") == "unknown");
        CHECK(bench.commanded(Role::arm_up) == 0);
    }
}
