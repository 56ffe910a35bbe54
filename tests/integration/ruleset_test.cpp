// A ruleset reaches the built daemon and decides there.
#include <algorithm>
#include <fstream>

#include "tests/integration/signed_port.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::testing {
namespace {

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D28282", "MSKU0028235"};
const Truck third{"闽D23232", "TGHU5080710"};

/// Holds what this tractor carries, whatever its orders say.
RulesetDocument holding(std::int64_t version, const Truck& truck) {
    auto document = ruleset_of_the_port(version);
    auto rule = supervision::testing::rule("H1", {supervision::testing::is(PredicateKind::plate, {truck.plate})});
    rule.title = "This tractor waits";
    rule.basis = "A test";
    document.ruleset.rules.push_back(std::move(rule));
    return document;
}

bool decided(const run::SeenEvent& verdict, const std::string& outcome, std::int64_t version) {
    return run::text_of(verdict, "outcome") == outcome && verdict.data.at("ruleset_version").as_int64() == version;
}

bool refused(const run::SeenEvent& event, const std::string& cause) {
    return run::text_of(event, "kind") == "ruleset" && run::text_of(event, "cause") == cause;
}

}  // namespace

TEST_CASE("A ruleset that is pushed decides the next passage, a forged one is refused, and a restart keeps it") {
    SignedPort port;
    auto& bench = port.bench();
    port.start();
    CHECK(port.portcullis({"ruleset", "show"}).find("nothing is released") != std::string::npos);
    bench.order({released(first), released(second), released(third)});

    port.lane().arrives();
    port.lane().is_read(first);
    bench.until_central_has("verdict.issued", [](const auto& event) { return decided(event, "hold", 0); });
    port.publish("ruleset", sealed_ruleset(ruleset_of_the_port(1)));
    port.until_acts(1);
    bench.until_central_has("verdict.issued", [](const auto& event) { return decided(event, "release", 1); });
    port.lane().arm_opens();
    port.lane().goes_under();
    port.lane().leaves();
    port.lane().arm_closes();

    port.publish("ruleset", sealed_ruleset(holding(2, second), {"rita", "ciq"}));
    bench.until_central_has("document.refused", [](const auto& event) { return refused(event, "signature"); });
    port.lane().passes(second);

    const auto file = bench.gate().state() / "ruleset-2.json";
    std::ofstream{file} << sealed_ruleset(holding(2, third));
    port.portcullis({"ruleset", "import", file.string()});
    port.until_acts(2);
    bench.kill_and_restart();
    CHECK(port.portcullis({"ruleset", "show"}).find("ruleset: 2 fresh") != std::string::npos);
    port.lane().arrives();
    port.lane().is_read(third);
    bench.until_central_has("verdict.issued", [](const auto& event) { return decided(event, "hold", 2); });
    port.lane().backs_out();

    bench.prove_stream();
    CHECK(bench.outcomes() == std::vector<std::string>{"cleared", "cleared", "turned_away"});
}

}  // namespace portcullis::testing
