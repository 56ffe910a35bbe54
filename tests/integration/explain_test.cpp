// What the built daemon decided is decided again from its journal, by our evaluator and by that of docs/central.
#include <boost/json.hpp>
#include <fstream>

#include "tests/integration/commands.hpp"
#include "tests/integration/signed_port.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

TEST_CASE("A verdict of the running daemon comes out the same from its journal") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(truck), targeted({"闽D55555", "TCNU6417851"})});
    lane.passes(truck);
    bench.until_central_has("passage.ended");
    Commands commands{bench};
    const auto socket = (bench.gate().state() / "control").string();
    const auto passage = run::text_of(*bench.events("passage.ended").at(0), "passage");
    const auto comes_out_as_recorded = [](const std::string& said) {
        CHECK_THAT(said, contains_text("release, by ruleset 0") && contains_text("order_released ciq") &&
                             contains_text("decided again it comes out as it is recorded"));
    };
    comes_out_as_recorded(commands.portcullis({"explain", passage, "--socket", socket}));

    const auto verdict = bench.events("verdict.issued").at(0);
    std::ofstream{commands.file("facts.json")} << run::text_of(*verdict, "facts");
    const auto tried = commands.portcullis({"explain", "--facts", commands.file("facts.json").string(), "--ruleset",
                                            "docs/central/examples/ruleset.json"});
    CHECK_THAT(tried, contains_text("by ruleset 12"));
    commands.portcullis({"explain", std::string(32, 'f'), "--socket", socket}, 1);

    // Another day the policy is another one, by which nothing of it would have been released.
    const auto stop = [&bench] {
        bench.ask_to_stop();
        REQUIRE(bench.wait_for_exit() == 0);
    };
    stop();
    const auto settings = bench.gate().settings();
    std::ofstream{settings.parent_path() / "policy.yaml"} << "rows: []\n";
    bench.start();
    comes_out_as_recorded(commands.portcullis({"explain", passage, "--socket", socket}));
    CHECK_THAT(commands.portcullis({"explain", passage, "--socket", socket, "--settings", settings.string(),
                                    "--profiles", "config/profiles"},
                                   1),
               contains_text("DECIDED AGAIN IT DIFFERS"));
    stop();
    comes_out_as_recorded(commands.portcullis({"explain", passage, "--state", bench.gate().state().string()}));
}

TEST_CASE("A passage is decided again by the rulesets of its day, and tried with a candidate") {
    SignedPort port;
    auto& bench = port.bench();
    port.start();
    bench.order({released(truck)});
    port.lane().arrives();
    port.lane().is_read(truck);
    bench.until_central_has("verdict.issued");
    port.publish("ruleset", sealed_ruleset(ruleset_of_the_port(1)));
    port.until_acts(1);
    port.lane().arm_opens();
    port.lane().goes_under();
    port.lane().leaves();
    port.lane().arm_closes();
    bench.until_central_has("passage.ended");

    const auto passage = run::text_of(*bench.events("passage.ended").at(0), "passage");
    const auto said = port.portcullis({"explain", passage});
    CHECK_THAT(said, contains_text("hold, by ruleset 0") && contains_text("release, by ruleset 1 (fresh)") &&
                         !contains_text("DIFFERS"));

    auto candidate = ruleset_of_the_port(2);
    auto rule = supervision::testing::rule("H1", {supervision::testing::is(PredicateKind::plate, {truck.plate})});
    rule.title = "This tractor waits";
    rule.basis = "A test";
    candidate.ruleset.rules.push_back(std::move(rule));
    const auto file = bench.gate().state() / "candidate.json";
    std::ofstream{file} << sealed_ruleset(candidate);
    const auto tried = port.portcullis({"ruleset", "try", file.string(), "--since", "2020-01-01"});
    CHECK_THAT(tried, contains_text("release -> hold +rule_hold H1") && contains_text("verdicts tried"));
}

}  // namespace
}  // namespace portcullis::testing
