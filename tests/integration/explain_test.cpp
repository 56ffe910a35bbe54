// What the built daemon decided is decided again from its journal, by our evaluator and by that of docs/central.
#include <boost/json.hpp>
#include <fstream>

#include "tests/integration/commands.hpp"

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
    const auto settings = bench.gate().settings().string();
    const auto passage = run::text_of(*bench.events("passage.ended").at(0), "passage");
    const auto said = commands.portcullis(
        {"explain", passage, "--socket", socket, "--settings", settings, "--profiles", "config/profiles"});
    CHECK_THAT(said, contains_text("release, by ruleset 0") && contains_text("order_released ciq") &&
                         contains_text("decided again it comes out as it is recorded"));

    const auto verdict = bench.events("verdict.issued").at(0);
    std::ofstream{commands.file("facts.json")} << run::text_of(*verdict, "facts");
    const auto tried = commands.portcullis({"explain", "--facts", commands.file("facts.json").string(), "--ruleset",
                                            "docs/central/examples/ruleset.json"});
    CHECK_THAT(tried, contains_text("by ruleset 12"));
    commands.portcullis({"explain", std::string(32, 'f'), "--socket", socket}, 1);
}

}  // namespace
}  // namespace portcullis::testing
