#include "cli/journal_command.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/cli/sample_export.hpp"

using namespace portcullis;
using namespace portcullis::cli;
using namespace portcullis::cli::testing;
using portcullis::testing::contains_text;

namespace {

/// The commands beside the state directory of a gate that was stopped.
struct Stopped : SampleExport {
    JournalPlace place;
    std::ostringstream out;
    std::ostringstream errors;

    Stopped() {
        sample.close();
        place.state = folder.path();
    }
    std::string printed() {
        auto text = out.str() + errors.str();
        out.str({});
        errors.str({});
        return text;
    }
    [[nodiscard]] std::filesystem::path file(const char* name) const { return folder.path() / name; }
};

}  // namespace

TEST_CASE_METHOD(Stopped, "The file of a stopped gate is verified, shown and exported, and counts no start") {
    for (int i = 0; i < 3; ++i) {
        CHECK(verify_journal(place, {}, out, errors) == 0);
        CHECK_THAT(printed(), contains_text("entries 1 to 62 hold") && contains_text("3 heads verified") &&
                                  contains_text("2 entries after the last head") && contains_text("3 entries erased"));
    }
    ExportOptions options;
    options.file = file("export.jsonl");
    CHECK(export_journal_file(place, options, out, errors) == 0);
    VerifyOptions exported;
    exported.file = options.file;
    CHECK(verify_journal(place, exported, out, errors) == 0);
    gate::EventFilter which;
    which.type = "journal.erased";
    CHECK(show_journal(place, which, false, out, errors) == 0);
    CHECK_THAT(printed(),
               contains_text(" journal.erased gate actor=A113 cause=request channel=remote events=3 first=30 last=33"));
    SampleJournal again{folder.path()};
    CHECK(again.journal().start().boot_counter == 2);
}

TEST_CASE_METHOD(Stopped, "A directory that a daemon owns, and one without a journal, are refused") {
    {
        const SampleJournal owner{folder.path()};
        CHECK(verify_journal(place, {}, out, errors) == 1);
        CHECK_THAT(printed(), contains_text("owns this state directory"));
    }
    place.state = folder.path() / "nothing";
    CHECK(verify_journal(place, {}, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("there is no journal"));
    CHECK_FALSE(std::filesystem::exists(place.state));
}

TEST_CASE_METHOD(Stopped, "Keys and heads are read, and what is none is named") {
    VerifyOptions options;
    options.keys = {sample.head_key()};
    options.heads = file("heads");
    std::ofstream{options.heads} << portcullis::testing::signed_head(sample.key(), StreamId{{7}}, 20, {}) << "\n";
    CHECK(verify_journal(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("none of the heads that were kept elsewhere"));
    std::ofstream{options.heads} << "{}\n";
    CHECK(verify_journal(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("line 1 of the heads is no envelope"));
    options.heads = file("missing");
    CHECK(verify_journal(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("cannot be read"));
    options.keys = {"abc"};
    CHECK(verify_journal(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("--key abc: is no Ed25519 public key"));
}

TEST_CASE_METHOD(Stopped, "An export that cannot be written whole is not there") {
    ExportOptions options;
    options.file = file("export.jsonl");
    options.from = 1000;
    CHECK(export_journal_file(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("there is no entry 1000"));
    CHECK_FALSE(std::filesystem::exists(options.file));
    options.file = file("no/folder");
    CHECK(export_journal_file(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("cannot be written"));
}

TEST_CASE_METHOD(Stopped, "Events are shown as they are published, too") {
    gate::EventFilter which;
    which.type = "stream.opened";
    CHECK(show_journal(place, which, true, out, errors) == 0);
    const auto line = printed();
    CHECK_THAT(line, contains_text("\"type\":\"portcullis.stream.opened.v1\"}\n"));
    CHECK(sample.writer().read(line.substr(0, line.size() - 1)));
}

TEST_CASE("What needs the daemon says so when none is there") {
    JournalPlace place;
    place.control_socket = "/nonexistent/control";
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(replay_journal(place, 7, "", out, errors) == 1);
    EraseOptions erasing;
    CHECK(erase_in_journal(place, erasing, out, errors) == 1);
    erasing.which.plate = "闽D12345";
    CHECK(erase_in_journal(place, erasing, out, errors) == 1);
    CHECK(verify_journal(place, {}, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("this needs a running portcullisd") && contains_text("say what is to be") &&
                                 contains_text("does not answer"));
}

TEST_CASE("Times may be written short") {
    CHECK(full_time("2026-11-23") == "2026-11-23T00:00:00.000Z");
    CHECK(full_time("2026-11-23T01:02") == "2026-11-23T01:02:00.000Z");
    CHECK(full_time("2026-11-23T01:02:03Z") == "2026-11-23T01:02:03.000Z");
    CHECK(full_time("2026-11-23T01:02:03.004Z") == "2026-11-23T01:02:03.004Z");
    for (const auto* wrong : {"", "Z", "2026", "2026-13-23", "2026-11-23T25:00", "yesterday!", "2026-11-23 01:02"}) {
        CHECK_FALSE(full_time(wrong));
    }
}
