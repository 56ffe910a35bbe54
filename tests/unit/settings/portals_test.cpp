// `radiation`, `portals` and the role `radiation` (docs/radiation.md).
#include "settings/dump_effective.hpp"
#include "settings/load.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/settings/site.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using testing::Site;

constexpr auto an_arch =
    "portals:\n  arch:\n    way: out\n    lanes: [out-1]\n    loop: io.di5\n    radiation: rpm\n"
    "    readers: { container_left: arch-box }\n    travel: { least: 10 s, most: 2 min }\n";

/// Good settings with a monitor and a further reader, and what stands before the lanes.
Site& with_monitor(Site& site, const std::string& before_lanes = an_arch) {
    site.write("profiles/rpm.yaml", "is: monitor\n");
    return site
        .change("devices:\n",
                "  rpm: { tcp: 192.0.2.30:10001 }\n  arch: { tcp: 192.0.2.31:4001 }\ndevices:\n"
                "  rpm: { profile: rpm, bus: rpm }\n  arch-box: { profile: boxes, bus: arch }\n")
        .change("lanes:\n", before_lanes + "lanes:\n");
}

std::string problems_of(const std::string& before_lanes) {
    Site site;
    return with_monitor(site, before_lanes).problems();
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a portal is read with its loop, monitor and readers, and its lanes know of it") {
    Site site;
    with_monitor(site, std::string{"radiation: { high_gamma_cps: 20000, test_every: 12 h }\n"} + an_arch);
    const auto loaded = site.load();
    for (const auto& problem : loaded.problems) {
        FAIL(problem.message());
    }
    const auto& gate = loaded.settings.value();
    CHECK(gate.radiation.limits.high_gamma_cps == 20'000);
    CHECK(gate.radiation.test_every == 12h);
    REQUIRE(gate.portals.size() == 1);
    const auto& arch = gate.portals[0];
    CHECK(arch.way == Way::out);
    CHECK(arch.loop->device == DeviceName{"io"});
    CHECK(arch.loop->setup.point == PointName{"di5"});
    CHECK(arch.radiation == DeviceName{"rpm"});
    CHECK(arch.readers == std::vector{PortalReader{Role::container_left, DeviceName{"arch-box"}}});
    CHECK(arch.gap == 3s);
    const auto& lane = gate.lanes[0].lane;
    CHECK(lane.radiation.high_gamma_cps == 20'000);
    REQUIRE(lane.portals.size() == 1);
    CHECK(lane.portals[0] ==
          PortalAhead{PortalName{"arch"}, DeviceName{"rpm"}, false, std::chrono::seconds{10}, std::chrono::minutes{2}});
}

TEST_CASE("what is printed of portals and monitors is read as the same") {
    Site site;
    with_monitor(site, std::string{"radiation: { high_gamma_cps: 7, test_every: never }\n"} + an_arch);
    const auto first = site.load();
    REQUIRE(first.settings);
    const auto text = dump_effective(*first.settings);
    CAPTURE(text);
    testing::FakeCatalogue again;
    const auto second = load_gate_settings_text(text, site.folder() / "gate.yaml", testing::with(again));
    for (const auto& problem : second.problems) {
        FAIL(problem.message());
    }
    CHECK(second.settings == first.settings);
}

TEST_CASE("a lane's own monitor, and a lane that requires what nothing measures") {
    Site own;
    with_monitor(own, "").change("plate_front: plate", "plate_front: plate\n      radiation: rpm");
    own.change("requires: [plate, container]", "requires: [plate, container, radiation]");
    CHECK(own.problems().empty());
    Site nothing;
    nothing.change("requires: [plate, container]", "requires: [plate, container, radiation]");
    CHECK_THAT(nothing.problems(), contains_text("lanes.out-1: the lane `requires` radiation and nothing measures it"));
    Site ahead;
    with_monitor(ahead).change("requires: [plate, container]", "requires: [plate, container, radiation]");
    CHECK(ahead.problems().empty());
}

TEST_CASE("a portal that cannot be is refused at its place") {
    const std::string arch{an_arch};
    CHECK_THAT(problems_of(changed(arch, "lanes: [out-1]", "lanes: [out-2]")),
               contains_text("portals.arch.lanes[0]: there is no lane `out-2`"));
    CHECK_THAT(problems_of(changed(arch, "radiation: rpm", "radiation: box")),
               contains_text("portals.arch.radiation: `box` is no radiation monitor"));
    CHECK_THAT(problems_of(changed(arch, "arch-box }", "box }")),
               contains_text("`box` plays `out-1.container_rear` already"));
    CHECK_THAT(problems_of(changed(arch, "container_left:", "arrival_loop:")),
               contains_text("`arrival_loop` is no role of a reader"));
    CHECK_THAT(problems_of(changed(arch, "least: 10 s", "least: 3 min")),
               contains_text("the longest travel is not longer than the shortest"));
    CHECK_THAT(problems_of("portals:\n  arch: { way: out, lanes: [out-1], travel: { least: 1 s, most: 9 s } }\n"),
               contains_text("nothing at this portal sees a vehicle"));
    CHECK_THAT(problems_of("radiation: { test_every: 1 min }\n"), contains_text("radiation.test_every"));
}

}  // namespace portcullis::settings
