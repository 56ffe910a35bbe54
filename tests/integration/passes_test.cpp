// A pass list reaches the built daemon: its vehicles come in without an order, and nobody else does.
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "codec/passes_document.hpp"
#include "runtime/clock.hpp"
#include "simulators/rig/gate_settings.hpp"
#include "tests/integration/commands.hpp"
#include "tests/integration/signed_port.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const std::string brigade = "闽D88888";
const std::string guest = "闽D12345";
const std::string late_guest = "闽D67890";
const std::string unseen = "闽D99119";
const Truck laden{"闽D28282", "MSKU0028235"};

Pass a_pass(const std::string& id, const std::string& plate) {
    const auto now = runtime::SystemClock{}.now().wall;
    Pass pass{id, PassKind::standing, PlateNumber::parse(plate).value()};
    pass.holder = "somebody of the port";
    pass.valid_from = now - 24h;
    pass.valid_to = now + 24h;
    return pass;
}

PassList passes_of_the_port(std::int64_t version) {
    const auto now = runtime::SystemClock{}.now().wall;
    PassList list{{rig::terminal_name, {"*"}, version, now - 1h, now + 24h * 7}, {}};
    auto visitor = a_pass("P-guest", guest);
    visitor.kind = PassKind::visitor;
    visitor.count = 1;
    auto over = a_pass("P-late", late_guest);
    over.valid_to = now - 1h;
    list.passes = {a_pass("P-brigade", brigade), visitor, over, a_pass("P-unseen", unseen)};
    return list;
}

std::string sealed_passes(const PassList& list, const Names& names = {"customs"}) {
    return sealed("passes", codec::write_passes(list), names);
}

/// A lane that leads in, by a ruleset that lets nothing in without an order.
struct PassPort {
    SignedPort port{{{Way::in}}};
    GateBench& bench = port.bench();
    HandLane& lane = port.lane();

    PassPort() {
        port.start();
        auto strict = ruleset_of_the_port(1);
        strict.ruleset.policy.rows = {{{}, {}, {}, {}, WithoutOrder::hold}};
        port.publish("ruleset", sealed_ruleset(strict));
        port.until_acts(1);
        bench.order({released(laden)});
    }
    /// A vehicle of which only its plate can be read.
    void comes(const std::string& plate) {
        lane.arrives();
        lane.rig().show_plate(plate);
    }
    void until_verdict(const std::string& outcome, const std::string& reason, std::size_t after) {
        bench.until("a verdict " + outcome + " with " + reason, [&] {
            const auto verdicts = bench.events("verdict.issued");
            if (verdicts.size() <= after || run::text_of(*verdicts.back(), "outcome") != outcome) {
                return false;
            }
            const auto& reasons = verdicts.back()->data.at("reasons").as_array();
            return std::any_of(reasons.begin(), reasons.end(),
                               [&](const auto& one) { return one.at("code").as_string() == reason; });
        });
    }
    void is_held(const std::string& plate, const std::string& reason) {
        const auto before = bench.events("verdict.issued").size();
        comes(plate);
        until_verdict("hold", reason, before);
        lane.backs_out();
    }
    void goes_in() {
        lane.arm_opens();
        lane.goes_under();
        lane.leaves();
        lane.arm_closes();
    }
    void comes_in(const std::string& plate) {
        const auto before = bench.events("verdict.issued").size();
        comes(plate);
        until_verdict("release", "pass_admitted", before);
        goes_in();
    }
    void until_told(const std::string& event, const std::string& member, const std::string& word) {
        bench.until_central_has(event, [&](const auto& one) {
            return run::text_of(one, "kind") == "passes" && run::text_of(one, member) == word;
        });
    }
};

}  // namespace

TEST_CASE("A pass lets its vehicle in, an expired one does not, a forged list is refused, and a restart keeps it") {
    PassPort gate;
    auto& bench = gate.bench;
    CHECK(gate.port.portcullis({"passes", "show"}).find("nobody has a pass") != std::string::npos);

    // One that waits is let in as soon as the list is there.
    const auto before = bench.events("verdict.issued").size();
    gate.comes(brigade);
    gate.until_verdict("hold", "load_unknown", before);
    gate.port.publish("passes", sealed_passes(passes_of_the_port(1)));
    gate.until_verdict("release", "pass_admitted", before + 1);
    gate.goes_in();
    gate.until_told("document.activated", "kind", "passes");

    gate.is_held(late_guest, "load_unknown");
    auto forged = passes_of_the_port(2);
    forged.passes.at(2).valid_to += 48h;
    gate.port.publish("passes", sealed_passes(forged, {"rita", "ralf"}), false);
    gate.until_told("document.refused", "cause", "signature");
    gate.is_held(late_guest, "load_unknown");

    bench.kill_and_restart();
    CHECK(gate.port.portcullis({"passes", "show"}).find("pass list: 1 fresh, 4 passes") != std::string::npos);
    gate.comes_in(guest);
    bench.until_central_has("order.used", [](const auto& one) {
        return run::text_of(one, "authority") == "passes" && run::text_of(one, "order_id") == "P-guest";
    });
    bench.kill_and_restart();
    gate.is_held(guest, "load_unknown");  // once was all of it

    // A newer list comes as a file, and an older one never again.
    const auto file = bench.gate().state() / "passes-3.json";
    auto fewer = passes_of_the_port(3);
    fewer.passes.erase(fewer.passes.begin());
    std::ofstream{file} << sealed_passes(fewer) << "\n";
    gate.port.portcullis({"passes", "import", file.string()});
    gate.is_held(brigade, "load_unknown");
    std::ofstream{file} << sealed_passes(passes_of_the_port(2)) << "\n";
    gate.port.portcullis({"passes", "import", file.string()}, 1);
    gate.until_told("document.refused", "cause", "version");

    const auto log = file_text(bench.gate().log().string());
    for (const auto& secret : {unseen, std::string{"somebody of the port"}}) {
        CHECK_THAT(log, !contains_text(secret));
        for (const auto& event : bench.events()) {
            CHECK_THAT(boost::json::serialize(event.data), !contains_text(secret));
        }
        CHECK_THAT(gate.port.portcullis({"status", "--json"}), !contains_text(secret));
    }
    Commands commands{bench};
    const auto socket = (bench.gate().state() / "control").string();
    const auto passage = run::text_of(*bench.events("passage.ended").at(0), "passage");
    CHECK_THAT(commands.portcullis({"explain", passage, "--socket", socket}),
               contains_text("pass P-brigade (standing): admits") &&
                   contains_text("decided again it comes out as it is recorded"));
    bench.prove_stream();
}

}  // namespace portcullis::testing
