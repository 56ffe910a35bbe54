// What stands on the vehicle, by a scanner or by two readers.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::lane;

namespace {

LaneSettings scanned_lane() {
    auto settings = out_lane();
    settings.load = LoadPolicy::line_scanner;
    settings.roles.insert(Role::load_scanner);
    settings.required = {Identity::plate};
    return settings;
}

void scans(LaneBench& bench, Load load, LoadPosition position = LoadPosition::not_applicable) {
    bench.handle(Observed{Role::load_scanner, {DeviceName{"scanner"}, {}, bench.instant(), LoadSeen{load, position}}});
}

std::string judged_load(const LaneBench& bench) {
    return bench.text("load.judged", "load") + " by " + bench.text("load.judged", "source");
}

LaneSettings two_reader_lane() {
    auto settings = out_lane();
    settings.load = LoadPolicy::two_readers;
    settings.roles.insert(Role::container_left);
    return settings;
}

}  // namespace

TEST_CASE("the scanner's word is the load of the vehicle that stands at the line") {
    LaneBench bench{scanned_lane()};
    bench.all_quiet();
    scans(bench, Load::none);
    bench.on(Role::arrival_loop);
    scans(bench, Load::one_20, LoadPosition::aft);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.count("load.judged") == 0);  // it may roll on
    bench.after(1500ms);
    CHECK(judged_load(bench) == "one_20 by line_scanner");
    CHECK(bench.asked.back().facts.boxes == 1);
    CHECK(bench.asked.back().facts.identity.containers.at(0).position == LoadPosition::aft);
}

TEST_CASE("a scanner that is away makes the load unknown, whatever it said before") {
    LaneBench bench{scanned_lane()};
    bench.all_quiet();
    bench.on(Role::arrival_loop);
    scans(bench, Load::none);
    bench.offline(Role::load_scanner);
    bench.read(Role::plate_front, a_plate);
    bench.after(bench.settings().identify_within + 2s);
    CHECK(judged_load(bench) == "unknown by line_scanner");
}

TEST_CASE("another load that the scanner sees before the arm goes up is judged again") {
    LaneBench bench{scanned_lane()};
    bench.decides = hold_of;
    bench.all_quiet();
    bench.on(Role::arrival_loop);
    scans(bench, Load::none);
    bench.read(Role::plate_front, a_plate);
    bench.after(bench.settings().identify_within + 2s);
    REQUIRE(judged_load(bench) == "none by line_scanner");
    scans(bench, Load::one_40);
    bench.after(1500ms);
    CHECK(judged_load(bench) == "one_40 by line_scanner");
    CHECK(bench.asked.back().facts.boxes == 1);
}

TEST_CASE("two readers that read the same box are a load, and one alone is none") {
    LaneBench bench{two_reader_lane()};
    bench.truck_arrives();
    bench.after(bench.settings().identify_within + 2s);
    CHECK(judged_load(bench) == "unknown by two_readers");

    LaneBench both{two_reader_lane()};
    both.all_quiet();
    both.on(Role::arrival_loop);
    both.read(Role::plate_front, a_plate);
    both.read(Role::container_rear, a_box);
    both.read(Role::container_left, a_box);
    both.after(both.settings().identify_within + 2s);
    CHECK(judged_load(both) == "one_40 by two_readers");
}

TEST_CASE("two readers with a box each are no load, and never an empty vehicle") {
    LaneBench bench{two_reader_lane()};
    bench.all_quiet();
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_left, b_box);
    bench.after(bench.settings().identify_within + 2s);
    CHECK(judged_load(bench) == "unknown by two_readers");
    CHECK(judge_load(LoadPolicy::two_readers, InputImage{{}}, IdentityFusion{}).load == Load::unknown);
}
