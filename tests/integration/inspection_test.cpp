// A box on its way to an inspection zone, and what becomes of it.
#include <algorithm>

#include "tests/integration/gate_bench.hpp"
#include "tests/integration/programs.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};
const std::string by_reader = "Z2: { zone_in: { reader: yard }, zone_out: { lane: out-2 }, arrive_within: 3 s }";

std::vector<std::string> zone_events(const GateBench& bench) {
    std::vector<std::string> names;
    for (const auto& event : bench.events()) {
        if (event.name.starts_with("zone.") && event.name != "zone.feed") {
            CHECK(run::text_of(event, "zone") == "Z2");
            CHECK(run::text_of(event, "container") == truck.container);
            names.push_back(event.name);
        }
    }
    return names;
}
using Names = std::vector<std::string>;

TEST_CASE("A box that is sent to a zone is seen there by the zone's reader, over a kill, and leaves by its lane") {
    GateBench bench{std::vector<story::LaneKind>(2), {}, by_reader};
    Programs programs{bench};
    bench.start();
    bench.order({released(truck), targeted(truck)});
    bench.lane(0).passes(truck);
    bench.until_central_has("zone.directed");
    bench.kill_and_restart();  // what was on its way still is
    CHECK_THAT(programs.portcullis({"zones", "--socket", programs.socket()}), contains_text(truck.container + " "));
    bench.until("the yard's reader is there", [&] {
        const auto feeds = bench.events("zone.feed");
        return !feeds.empty() && run::text_of(*feeds.back(), "alive") == "yes";
    });
    bench.gate().yard_reads("MSKU0028235");  // was not sent
    bench.gate().yard_reads(truck.container);
    bench.until_central_has("zone.arrived");
    CHECK(run::text_of(*bench.events("zone.arrived")[0], "source") == "reader");
    CHECK_THAT(programs.portcullis({"zones", "--socket", programs.socket()}),
               contains_text(truck.container + " arrived Z2"));
    story::GivenOrder revoked;
    bench.lane(1).passes(truck);  // nobody lifted the order: it is sent anew
    bench.until_central_has("zone.left");
    bench.prove_stream();
    const auto names = zone_events(bench);
    CHECK(names.front() == "zone.directed");
    CHECK(std::count(names.begin(), names.end(), "zone.arrived") == 1);
    CHECK(Names{names.end() - 2, names.end()} == Names{"zone.left", "zone.directed"});
    CHECK(run::text_of(*bench.events("zone.left")[0], "result") == "none");
}

TEST_CASE("A box that does not come is overdue once, also when the daemon was not there at the time") {
    GateBench bench{std::vector<story::LaneKind>(2), {}, by_reader};
    bench.start();
    bench.order({released(truck), targeted(truck)});
    bench.lane(0).passes(truck);
    bench.until_central_has("zone.directed");
    bench.kill_and_restart();
    bench.until_central_has("zone.overdue");
    bench.kill_and_restart();
    bench.gate().set_yard_offline(true);
    bench.until("the zone's feed is gone", [&] {
        const auto feeds = bench.events("zone.feed");
        return !feeds.empty() && run::text_of(*feeds.back(), "alive") == "no";
    });
    bench.gate().set_yard_offline(false);
    bench.prove_stream();
    CHECK(zone_events(bench) == Names{"zone.directed", "zone.overdue"});
}

}  // namespace
}  // namespace portcullis::testing
