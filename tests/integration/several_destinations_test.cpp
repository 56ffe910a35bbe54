// One journal, two destinations: the supervision centre sees everything, a terminal operator what it may.
#include <sys/wait.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/integration/gate_bench.hpp"
#include "tests/integration/reference_consumer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"

namespace portcullis::testing {
namespace {

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D33333", "EGHU1159704"};

/// Puts a terminal operator beside the supervision centre of the bench.
void add_terminal(GateBench& bench, const std::string& prefix) {
    std::ifstream file{bench.gate().settings()};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::string behind = "uplink:\n";
    const auto place = text.find(behind);
    REQUIRE(place != std::string::npos);
    text.insert(place + behind.size(),
                "  - name: terminal\n    broker: mqtt://127.0.0.1:" + std::to_string(bench.gate().broker().port()) +
                    "\n    prefix: " + prefix +
                    "\n    required: false\n    filter: { types: [passage.*, verdict.issued] }\n" +
                    "    redact: [personal, targeting]\n");
    std::ofstream{bench.gate().settings()} << text;
}

/// What `portcullis` prints.
std::string portcullis(GateBench& bench, const std::string& arguments, int exit_code = 0) {
    const auto command = std::string{std::getenv("PORTCULLIS_BIN")} + "/portcullis " + arguments + " --socket " +
                         (bench.gate().state() / "control").string() + " 2>&1";
    auto* const pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    std::array<char, 4096> part{};
    while (const auto length = std::fread(part.data(), 1, part.size(), pipe)) {
        output.append(part.data(), length);
    }
    const int status = pclose(pipe);
    CHECK((WIFEXITED(status) ? WEXITSTATUS(status) : -1) == exit_code);
    return output;
}

bool holds(const std::vector<std::string>& events, const std::string& text) {
    for (const auto& event : events) {
        if (event.find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

TEST_CASE("A terminal operator gets its events redacted, once and in order, and a technician can follow one of them") {
    GateBench bench;
    const std::string prefix = "terminal/g1";
    add_terminal(bench, prefix);
    ReferenceConsumer terminal{bench.gate().broker().port(), prefix, {"--filtered"}};
    bench.start();
    bench.order({released(first), released(second), targeted(second)});
    bench.lane().passes(first);
    terminal.kill();
    bench.kill_and_restart();
    terminal.start();
    bench.lane().arrives();
    bench.lane().is_read(second);
    bench.until_central_has("verdict.issued", [](const run::SeenEvent& event) {
        return boost::json::serialize(event.data).find("targeting_inspect") != std::string::npos;
    });
    bench.until("the terminal has both verdicts", [&] { return holds(terminal.events(), R"("outcome":"inspect")"); });

    const auto events = terminal.events();
    const EventSchemas schemas;
    for (const auto& event : events) {
        CAPTURE(event);
        CHECK(schemas.problems(event).empty());
        const bool wanted = event.find(R"("type":"portcullis.passage.)") != std::string::npos ||
                            event.find(R"("type":"portcullis.verdict.issued.)") != std::string::npos;
        CHECK(wanted);
    }
    CHECK(holds(events, R"("type":"portcullis.passage.ended.v1")"));
    CHECK(holds(events, R"("outcome":"release")"));
    for (const auto& secret : {first.plate, second.plate, std::string{"targeting_inspect"}, std::string{"radiation\""},
                               std::string{"\"salt\""}, std::string{"previoushash"}}) {
        CAPTURE(secret);
        CHECK_FALSE(holds(events, secret));
    }

    const auto& verdict = *bench.events("verdict.issued").front();
    bench.until("the terminal has no backlog",
                [&] { return portcullis(bench, "uplink --json").find(R"("backlog":0,)") != std::string::npos; });
    const auto overview = portcullis(bench, "uplink");
    CHECK_THAT(overview, contains_text("terminal (optional)"));
    CHECK_THAT(overview, contains_text("gets only passage.*, verdict.issued"));
    CHECK_THAT(overview, contains_text("redacted: personal, targeting"));
    const auto way = portcullis(bench, "uplink explain " + std::to_string(verdict.sequence));
    CHECK_THAT(way, contains_text("verdict.issued of lane/out-1"));
    CHECK_THAT(way, contains_text("supervision: sent"));
    CHECK_THAT(way, contains_text("terminal: sent"));
    CHECK_THAT(portcullis(bench, "uplink explain 1"), contains_text("terminal: left out by its filter"));
    CHECK_THAT(portcullis(bench, "uplink resume terminal", 1), contains_text("nothing to resume"));
    CHECK_THAT(portcullis(bench, "uplink resume port", 1), contains_text("there are: terminal, supervision"));
    CHECK(terminal.stop() == 0);
}

}  // namespace
}  // namespace portcullis::testing
