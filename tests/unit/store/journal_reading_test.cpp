#include <fstream>

#include "store/database.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;
using portcullis::testing::contains_text;

namespace {

StoreFailure refusal(const std::filesystem::path& directory) {
    const auto opened = Journal::open_for_reading(directory);
    REQUIRE_FALSE(opened);
    return opened.error();
}

void set_schema(const std::filesystem::path& directory, int version) {
    Database database{directory / "journal.db", {}, 0x50634a6e};
    database.execute("PRAGMA user_version=" + std::to_string(version));
}

}  // namespace

TEST_CASE("Looking at a journal counts no start, and nothing can be written") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        REQUIRE(journal->append(events_after(*journal, 3)) == StoreOutcome::committed);
    }
    {
        auto looked_at = Journal::open_for_reading(directory.path()).value();
        CHECK(looked_at->last().sequence == 3);
        CHECK(looked_at->start().stream.text() == "00000000000000000000000000000001");
        CHECK(count_whole(*looked_at) == 3);
        CHECK(looked_at->newest_of("passage.detected").value()->sequence == 3);
        CHECK_FALSE(looked_at->newest_of("stream.opened").value());
        CHECK(looked_at->append(events_after(*looked_at, 1)) != StoreOutcome::committed);
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().boot_counter == 2);
    CHECK(journal->last().sequence == 3);
}

TEST_CASE("A journal that another process owns is not looked at, and nobody can own one that is looked at") {
    const TemporaryDirectory directory;
    {
        const auto owner = open_journal(directory.path());
        CHECK(refusal(directory.path()).fault == StoreFault::second_daemon);
    }
    const auto looked_at = Journal::open_for_reading(directory.path());
    REQUIRE(looked_at);
    CHECK(try_open(directory.path()).error().fault == StoreFault::second_daemon);
}

TEST_CASE("What is no journal of this version is refused, and stays as it is") {
    const TemporaryDirectory directory;
    CHECK_THAT(refusal(directory.path()).message, contains_text("there is no journal"));
    CHECK(std::filesystem::is_empty(directory.path()));
    { const auto journal = open_journal(directory.path()); }
    const int schema = 5;
    set_schema(directory.path(), schema + 1);
    CHECK(refusal(directory.path()).fault == StoreFault::newer_schema);
    set_schema(directory.path(), schema - 1);
    CHECK_THAT(refusal(directory.path()).message, contains_text("start portcullisd once"));
}

TEST_CASE("A damaged journal is told of, and not moved aside") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    std::ofstream{file, std::ios::binary} << std::string(8192, 'x');
    CHECK(refusal(directory.path()).fault == StoreFault::corrupt);
    CHECK(std::filesystem::file_size(file) == 8192);
    CHECK_FALSE(std::filesystem::exists(file.string() + ".damaged-1"));
}
