// What an inspection concluded comes to the built daemon as a signed document, and decides whether the box leaves.
#include <algorithm>
#include <fstream>

#include "codec/zone_result_document.hpp"
#include "runtime/clock.hpp"
#include "simulators/rig/gate_settings.hpp"
#include "tests/integration/signed_port.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const Truck truck{"闽D12345", "CSQU3054383"};
const std::string zone = "Z2: { zone_in: { reader: yard }, zone_out: { lane: out-2 } }";

/// One lane leads to the zone; out of the second nobody goes who is to be inspected, and its seals are read.
std::vector<story::LaneKind> lanes() {
    story::LaneKind out;
    out.on_inspect = OnInspect::turn_back;
    out.seals = true;
    return {{}, out};
}

/// Of an inspection that ended so long ago.
codec::ZoneResultDocument concluded(ZoneResultState state, const std::string& id, std::chrono::minutes ago) {
    const auto now = runtime::SystemClock{}.now().wall;
    return {rig::terminal_name,
            {"*"},
            now - 1min,
            now + 24h,
            {id,
             ContainerNumber::parse(truck.container).value(),
             "Z2",
             state,
             {"radiation"},
             {"order:ciq:T-" + truck.container},
             {},
             state == ZoneResultState::pass ? std::vector<std::string>{"CN777777"} : std::vector<std::string>{},
             {"A113"},
             "C001",
             now - ago - 5min,
             now - ago},
            {}};
}

std::string sealed_result(const codec::ZoneResultDocument& document, const Names& names = {"ciq"}) {
    return sealed("zone_result", codec::write_zone_result(document), names);
}

bool says(const run::SeenEvent& verdict, const std::string& outcome, const std::string& reason) {
    const auto& reasons = verdict.data.at("reasons").as_array();
    return run::text_of(verdict, "outcome") == outcome &&
           std::any_of(reasons.begin(), reasons.end(),
                       [&](const auto& one) { return one.at("code").as_string() == reason; });
}

/// A port whose truck is sent to the zone by an order that acts once and that a result may lift.
struct Inspection {
    SignedPort port{lanes(), zone};
    GateBench& bench = port.bench();
    HandLane& out = bench.lane(1);

    Inspection() {
        port.start();
        port.publish("ruleset", sealed_ruleset(ruleset_of_the_port(1)));
        port.until_acts(1);
        auto target = targeted(truck);
        target.once = true;
        bench.order({released(truck), target});
        bench.lane(0).passes(truck);
        bench.until_central_has("zone.directed");
        bench.gate().yard_reads(truck.container);
        bench.until_central_has("zone.arrived");
    }
    void publish(const std::string& envelope) { port.publish("zone_result", envelope, false); }
    void until_concluded(const std::string& id) {
        bench.until_central_has("zone.result",
                                [&](const auto& event) { return run::text_of(event, "result_id") == id; });
    }
    void until_refused(const std::string& cause) {
        bench.until_central_has("document.refused", [&](const auto& event) {
            return run::text_of(event, "kind") == "zone_result" && run::text_of(event, "cause") == cause;
        });
    }
    /// Comes to the exit with this seal, is judged so, and goes back.
    void is_turned_back(const std::string& seal, const std::string& outcome, const std::string& reason) {
        const auto before = bench.events("verdict.issued").size();
        out.arrives();
        if (!seal.empty()) {
            out.rig().show_seal(seal);
        }
        out.is_read(truck);
        bench.until("a verdict with " + reason, [&] {
            const auto verdicts = bench.events("verdict.issued");
            return verdicts.size() > before && says(*verdicts.back(), outcome, reason);
        });
        out.backs_out();
    }
};

TEST_CASE("An inspected box leaves with a result and its new seal, once, and without them it does not") {
    Inspection inspection;
    auto& bench = inspection.bench;
    auto& out = inspection.out;
    inspection.is_turned_back("CN777777", "inspect", "targeting_inspect");  // nobody has concluded anything

    inspection.publish(sealed_result(concluded(ZoneResultState::pass, "ZR-0", 30min), {"rita"}));
    inspection.until_refused("signature");
    auto elsewhere = concluded(ZoneResultState::pass, "ZR-0", 30min);
    elsewhere.gates = {"another"};
    inspection.publish(sealed_result(elsewhere));
    inspection.until_refused("audience");

    inspection.publish(sealed_result(concluded(ZoneResultState::fail, "ZR-1", 20min)));
    inspection.until_concluded("ZR-1");
    inspection.is_turned_back("CN777777", "hold", "zone_result_fail");
    inspection.publish(sealed_result(concluded(ZoneResultState::pass, "ZR-0", 30min)));
    inspection.until_refused("version");  // an inspection that ended before the one that failed

    // The link is down: the result comes as a file, and outlives the daemon.
    const auto file = bench.gate().state() / "result.json";
    std::ofstream{file} << sealed_result(concluded(ZoneResultState::pass, "ZR-2", 10min)) << "\n";
    inspection.port.portcullis({"zones", "import", file.string()});
    inspection.until_concluded("ZR-2");
    bench.kill_and_restart();
    inspection.is_turned_back("CN888888", "inspect", "zone_seal_differs");
    inspection.is_turned_back("", "inspect", "zone_seal_differs");

    out.arrives();
    out.rig().show_seal("CN777777");
    out.is_read(truck);
    out.arm_opens();
    out.goes_under();
    out.leaves();
    out.arm_closes();
    bench.until_central_has("zone.left", [](const auto& event) { return run::text_of(event, "result") == "pass"; });
    bench.until_central_has("verdict.issued",
                            [](const auto& event) { return says(event, "release", "zone_answered"); });
    bench.kill_and_restart();

    // It comes once more: its release is used, the order that targeted it has acted, and the result answers nothing any
    // more.
    inspection.is_turned_back("CN777777", "hold", "order_used");
    CHECK_FALSE(says(*bench.events("verdict.issued").back(), "hold", "targeting_inspect"));
    CHECK_FALSE(says(*bench.events("verdict.issued").back(), "hold", "zone_answered"));
    bench.prove_stream();

    std::vector<std::string> places;
    for (const auto* used : bench.events("order.used")) {
        places.push_back(run::text_of(*used, "authority"));
    }
    std::sort(places.begin(), places.end());
    CHECK(places == std::vector<std::string>{"ciq", "targeting", "zone_result"});
}

}  // namespace
}  // namespace portcullis::testing
