// Heads, erasure and the cut: what becomes of old entries.
#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::store {
namespace {

using namespace testing;

HeadRow head_of(std::int64_t sequence) {
    return {sequence, WallTime{std::chrono::milliseconds{1000 * sequence}}, "head " + std::to_string(sequence)};
}

/// 30 entries with heads of 10, 20 and 30.
std::unique_ptr<Journal> thirty_entries(const std::filesystem::path& directory) {
    auto journal = open_journal(directory);
    for (int i = 0; i < 3; ++i) {
        auto batch = events_after(*journal, 10);
        batch.heads.push_back(head_of(batch.events.back().sequence));
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    }
    return journal;
}

std::vector<std::int64_t> sequences(const std::vector<HeadRow>& heads) {
    std::vector<std::int64_t> found;
    for (const auto& head : heads) {
        found.push_back(head.sequence);
    }
    return found;
}

TEST_CASE("a head is kept with the entries that it signs, and found again after a restart") {
    const TemporaryDirectory directory;
    thirty_entries(directory.path());
    const auto journal = open_journal(directory.path());
    CHECK(sequences(journal->heads_from(1, 10).value()) == std::vector<std::int64_t>{10, 20, 30});
    CHECK(sequences(journal->heads_from(11, 1).value()) == std::vector<std::int64_t>{20});
    CHECK(journal->newest_head(30).value()->envelope == "head 30");
    CHECK(journal->newest_head(29).value()->sequence == 20);
    CHECK(journal->newest_head(30, WallTime{std::chrono::milliseconds{20'000}}).value()->sequence == 10);
    CHECK_FALSE(journal->newest_head(9).value());
}

TEST_CASE("a journal cut at a head keeps that head and every entry behind it, also over a restart") {
    const TemporaryDirectory directory;
    auto journal = thirty_entries(directory.path());
    REQUIRE(journal->cut().sequence == 0);
    REQUIRE(journal->cut_through(20) == StoreOutcome::committed);
    const auto check = [](Journal& cut) {
        CHECK(cut.cut().sequence == 20);
        CHECK(cut.cut().hash == event(20).hash);
        CHECK(cut.read_from(1, 100, 1'000'000).value().front().sequence == 21);
        CHECK(sequences(cut.heads_from(1, 10).value()) == std::vector<std::int64_t>{20, 30});
        CHECK(cut.last().sequence == 30);
    };
    check(*journal);
    journal.reset();
    journal = open_journal(directory.path());
    check(*journal);
    CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
}

TEST_CASE("a journal is cut nowhere but at an older entry with a head") {
    const TemporaryDirectory directory;
    const auto journal = thirty_entries(directory.path());
    for (const std::int64_t wrong : {0, 15, 30, 31}) {
        CHECK_THROWS_AS(journal->cut_through(wrong), std::logic_error);
    }
    CHECK(count_whole(*journal) == 30);
    CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
}

TEST_CASE("an erased entry has its new bytes and its old place and hash, and the old bytes are gone from the file") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    auto batch = events_after(*journal, 3);
    batch.events[1].published = "plate PERSONAL-VALUE";
    REQUIRE(journal->append(batch) == StoreOutcome::committed);
    REQUIRE(journal->checkpoint() == StoreOutcome::committed);
    REQUIRE(journal->erase({{2, "erased"}}) == StoreOutcome::committed);
    const auto rows = journal->read_from(2, 1, 1000).value();
    CHECK(rows.front().published == "erased");
    CHECK(rows.front().hash == batch.events[1].hash);
    REQUIRE(journal->checkpoint() == StoreOutcome::committed);
    journal.reset();
    const auto file = directory.path() / "journal.db";
    std::ifstream stream{file, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    CHECK(bytes.find("PERSONAL-VALUE") == std::string::npos);
    CHECK(bytes.find("erased") != std::string::npos);
}

TEST_CASE("what a cut frees is used again before the file grows") {
    const TemporaryDirectory directory;
    const auto journal = open_journal(directory.path());
    const auto add = [&] {
        auto batch = events_after(*journal, 500);
        batch.heads.push_back(head_of(batch.events.back().sequence));
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    };
    add();
    add();
    const auto used = journal->used_bytes().value();
    REQUIRE(journal->cut_through(500) == StoreOutcome::committed);
    const auto room = journal->free_bytes_inside().value();
    CHECK(room > used / 3);
    CHECK(journal->used_bytes().value() < used);
    add();
    CHECK(journal->free_bytes_inside().value() < room / 4);
    CHECK(journal->used_bytes().value() < used + used / 10);
}

}  // namespace
}  // namespace portcullis::store
