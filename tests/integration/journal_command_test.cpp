// `portcullis journal` beside the running daemon, and docs/central/verify.py beside both.
#include <fstream>
#include <sstream>

#include "cli/journal/export_format.hpp"
#include "tests/integration/commands.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};

std::vector<std::string> exported_events(const std::filesystem::path& file) {
    std::vector<std::string> events;
    std::ifstream lines{file, std::ios::binary};
    for (std::string line; std::getline(lines, line);) {
        if (const auto event = cli::read_event_line(line)) {
            events.emplace_back(event->published);
        }
    }
    return events;
}

}  // namespace

TEST_CASE("What central received is what the running gate exports, and both verifiers say that it holds") {
    GateBench bench;
    Commands commands{bench};
    bench.start();
    bench.order({released(truck)});
    bench.lane().passes(truck);
    bench.until("central has the stream so far", [&] {
        const auto now = bench.status();
        return now && now->last() > 0 && bench.gate().central().report().last >= now->last();
    });

    CHECK_THAT(commands.of_daemon({"verify"}), contains_text("hold"));
    const auto file = commands.file("whole.jsonl");
    commands.of_daemon({"export", "-o", file.string()});
    CHECK_THAT(commands.journal({"verify", file.string()}), contains_text("entries 1 to "));
    CHECK_THAT(commands.verify_py({file.string()}), contains_text("entries 1 to "));
    const auto exported = exported_events(file);
    const auto stored = bench.gate().central().events();
    REQUIRE(exported.size() > 20);
    REQUIRE(stored.size() >= exported.size());
    CHECK(std::equal(exported.begin(), exported.end(), stored.begin()));

    const auto shown = commands.of_daemon({"show", "--plate", truck.plate, "--type", "reading"});
    CHECK_THAT(shown, contains_text("reading.taken") && contains_text(truck.plate));
    CHECK_THAT(commands.of_daemon({"show", "--type", "passage.ended", "--json"}), contains_text("\"cleared\""));
    CHECK(commands.of_daemon({"show", "--to", "2020-01-01"}).empty());

    const auto repeated = bench.gate().central().report().duplicates_ignored;
    CHECK_THAT(commands.of_daemon({"replay-from", "1"}), contains_text("sends again from 1"));
    bench.until("central has got all of it a second time", [&] {
        return bench.gate().central().report().duplicates_ignored >=
               repeated + static_cast<std::int64_t>(exported.size());
    });
    CHECK_THAT(commands.of_daemon({"replay-from", "1", "--destination", "nobody"}, 1), contains_text("no destination"));

    CHECK_THAT(commands.journal({"verify", "--state", bench.gate().state().string()}, 1),
               contains_text("owns this state directory"));
    bench.kill();
    CHECK_THAT(commands.journal({"verify", "--state", bench.gate().state().string()}), contains_text("hold"));
    CHECK_THAT(commands.of_daemon({"verify"}, 1), contains_text("does not answer"));
    bench.start();
    bench.prove_stream();

    // An ordered stop signs the last entry with the gate's own key.
    const auto state = bench.gate().state().string();
    CHECK_THAT(commands.journal({"verify", "--state", state}),
               contains_text("head verified") && !contains_text("after the last head"));
    commands.journal({"export", "--state", state, "-o", file.string()});
    CHECK_THAT(commands.verify_py({file.string()}), contains_text("heads: 1 in the file"));
}

TEST_CASE("What was erased is gone from the gate, named by an event, and the chain holds") {
    GateBench bench;
    Commands commands{bench};
    bench.start();
    bench.order({released(truck)});
    bench.lane().passes(truck);
    bench.until("central has stored all, and the gate knows", [&] {
        const auto now = bench.status();
        return now && now->last() > 0 && now->text().find("\"backlog\":0") != std::string::npos;
    });

    CHECK_THAT(commands.of_daemon({"erase", "--plate", truck.plate, "--reason", "case 2026-118", "--actor", "A113"}),
               contains_text("entries erased") && !contains_text("0 entries erased"));
    CHECK(commands.of_daemon({"show", "--plate", truck.plate}).empty());
    CHECK_THAT(commands.of_daemon({"show", "--type", "journal.erased"}), contains_text("case 2026-118"));
    const auto file = commands.file("erased.jsonl");
    commands.of_daemon({"export", "-o", file.string()});
    CHECK_THAT(file_text(file.string()), !contains_text(truck.plate));
    CHECK_THAT(commands.journal({"verify", file.string()}), !contains_text("by no journal.erased"));
    CHECK_THAT(commands.verify_py({file.string()}), contains_text("(0 of them unexplained)"));

    const auto repeated = bench.gate().central().report().duplicates_ignored;
    commands.of_daemon({"replay-from", "1"});
    bench.until("central has got all of it a second time", [&] {
        return bench.gate().central().report().duplicates_ignored >=
               repeated + static_cast<std::int64_t>(exported_events(file).size());
    });
    CHECK(bench.gate().central().report().first_error == "");
    CHECK(bench.gate().central().report().gaps == 0);
    const auto kept = exported_events(file);
    const auto stored = bench.gate().central().events();
    REQUIRE(stored.size() >= kept.size());
    CHECK(std::equal(kept.begin(), kept.end(), stored.begin()));

    auto forged = file_text(file.string());
    forged.replace(forged.find("\"cleared\""), 9, "\"backed_\"");
    std::ofstream{file, std::ios::binary} << forged;
    CHECK_THAT(commands.journal({"verify", file.string()}, 1), contains_text("it is not what was hashed"));
    CHECK_THAT(commands.verify_py({file.string()}, 1), contains_text("it is not what was hashed"));
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
}

}  // namespace portcullis::testing
