// A reading that the ruleset took for another number: what the lane tells of it, and what it does with it.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

const std::string misread = "CSQU3O54383";

ReadingRepair repair_of(RepairCause cause) {
    return {ReadingKind::container, misread, a_box, 5, "O/0", 1, Tristate::yes, cause};
}

/// What the gate answers that has taken the reading: the verdict rests on the number that it was taken for.
Verdict release_taken(const PassageFacts& facts) {
    auto taken = facts;
    taken.identity.containers.push_back(
        {ContainerNumber::parse(a_box).value(), LoadPosition::not_applicable, "", 1, {}});
    auto verdict = release_of(taken);
    verdict.repairs = {repair_of(RepairCause::taken)};
    return verdict;
}

void misread_truck(LaneBench& bench) {
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, misread);
    bench.after(8s);
}

TEST_CASE("a reading that is taken for another number is on record, and so is its box", "[lane][repair]") {
    LaneBench bench;
    bench.decides = release_taken;
    misread_truck(bench);
    CHECK(bench.count("reading.repaired") == 1);
    CHECK(bench.text("reading.repaired", "read") == misread);
    CHECK(bench.text("reading.repaired", "taken") == a_box);
    CHECK(bench.text("reading.repaired", "table") == "O/0");
    CHECK(bench.text("reading.repaired", "reader") == "container_rear");
    CHECK(bench.text("reading.repaired", "order_known") == "yes");
    CHECK(*bench.last("reading.repaired").find("position")->get<std::int64_t>() == 6);
    REQUIRE(bench.state() == PassageState::permitted);
    CHECK(bench.lane().view().passages.front().identity == a_plate + " " + a_box);
    bench.arm_opens();
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    const auto* boxes = bench.last("passage.ended").find("containers")->get<List>();
    REQUIRE(boxes != nullptr);
    CHECK(*boxes == List{Value{a_box}});
}

TEST_CASE("a repair that was refused is told once, and again when it is taken", "[lane][repair]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) {
        auto verdict = hold_for(ReasonCode::container_invalid);
        verdict.repairs = {repair_of(RepairCause::order_unknown)};
        return verdict;
    };
    misread_truck(bench);
    CHECK(bench.text("reading.repaired", "taken") == "none");
    CHECK(bench.text("reading.repaired", "candidate") == a_box);
    CHECK(bench.text("reading.repaired", "cause") == "order_unknown");
    bench.orders_changed();
    bench.orders_changed();
    CHECK(bench.count("reading.repaired") == 1);
    bench.decides = release_taken;
    bench.orders_changed();
    CHECK(bench.count("reading.repaired") == 2);
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("the number that a reading was taken for is no news when a reader gives it late", "[lane][repair]") {
    LaneBench bench;
    bench.commits = Commits::by_hand;
    bench.decides = release_taken;
    misread_truck(bench);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.count("passage.late_fact") == 0);
}

TEST_CASE("a valid number that comes late contradicts what a reading was taken for", "[lane][repair]") {
    auto settings = out_lane();
    settings.roles.insert({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft});
    settings.load = LoadPolicy::beams;
    LaneBench bench(settings);
    bench.commits = Commits::by_hand;
    bench.decides = [](const PassageFacts& facts) {
        return facts.identity.disagreements.empty() ? release_taken(facts) : hold_for(ReasonCode::readers_disagree);
    };
    bench.on(Role::load_beam_aft);
    misread_truck(bench);
    REQUIRE(bench.state() == PassageState::permitted);
    bench.read(Role::container_rear, b_box);
    CHECK(bench.text("passage.late_fact", "contradicts") == "yes");
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
}

}  // namespace
}  // namespace portcullis::lane
