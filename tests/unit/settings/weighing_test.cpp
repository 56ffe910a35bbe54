#include "core/time_text.hpp"
#include "site.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::settings::testing;
using portcullis::testing::contains_text;
using namespace std::chrono_literals;

namespace {

void add_scale(Site& site, const std::string& role, const std::string& device = "profile: scales, bus: scale") {
    site.write("profiles/scales.yaml", "is: scale\n");
    site.change("devices:\n", "  scale: { tcp: 192.0.2.12:4001 }\ndevices:\n  scale: { " + device + " }\n");
    site.change("      plate_front: plate\n", "      plate_front: plate\n      weighbridge: " + role + "\n");
}

std::string problems_with(const std::string& role) {
    Site site;
    add_scale(site, role);
    return site.problems();
}

}  // namespace

TEST_CASE("a lane's weighbridge is a device, and its day of verification ends with that day") {
    Site site;
    add_scale(site, "{ device: scale, holds_whole_vehicle: true, stable_for: 2 s, zero_within: 60 kg }",
              "profile: scales, bus: scale, verified_until: 2027-03-31");
    const auto loaded = site.load();
    REQUIRE(loaded.settings);
    const auto& lane = loaded.settings->lanes[0].lane;
    CHECK(lane.has(Role::weighbridge));
    CHECK(lane.weigh.holds_whole_vehicle);
    CHECK(lane.weigh.stable_for == 2s);
    CHECK(lane.weigh.zero_within_kg == 60);
    CHECK(lane.weigh.verified_until == "2027-03-31");
    CHECK(lane.weigh.verified_at(*time_from_text("2027-03-31T23:59:59.000Z")));
    CHECK_FALSE(lane.weigh.verified_at(*time_from_text("2027-04-01T00:00:00.000Z")));
}

TEST_CASE("without a day of verification a weighbridge is not verified at any time") {
    Site site;
    add_scale(site, "scale");
    const auto loaded = site.load();
    REQUIRE(loaded.settings);
    CHECK_FALSE(loaded.settings->lanes[0].lane.weigh.verified_at(*time_from_text("2026-11-27T00:00:00.000Z")));
    CHECK_FALSE(loaded.settings->lanes[0].lane.weigh.holds_whole_vehicle);
}

TEST_CASE("what cannot weigh, and a mass without its unit, are named") {
    CHECK_THAT(problems_with("plate"), contains_text("`plate` is no weighbridge"));
    CHECK_THAT(problems_with("{ device: scale, zero_within: 60 }"), contains_text("`60` is no mass"));
    CHECK_THAT(problems_with("{ device: scale, zero_within: 6000 kg }"), contains_text("from 0 to 1000"));
    CHECK_THAT(problems_with("{ device: scale, zero_withn: 60 kg }"), contains_text("did you mean"));
    CHECK_THAT(problems_with("{ stable_for: 1 s }"), contains_text("name the indicator"));
}
