#include "store/end_mark.hpp"

#include <fstream>

#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::store::testing {
namespace {

/// A journal of five transactions that nothing closes in order, all of them in its log.
void leave_a_log(const TemporaryDirectory& directory) {
    auto journal = open_journal(directory.path());
    for (int i = 0; i < 5; ++i) {
        REQUIRE(journal->append(events_after(*journal, 10)) == StoreOutcome::committed);
    }
}

void flip(const std::filesystem::path& file, std::uintmax_t at) {
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(stream.get() ^ 0x41);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
}

}  // namespace

TEST_CASE("a journal whose log was damaged is set aside when its end is known and its numbers are not given again") {
    const TemporaryDirectory directory;
    const auto log = directory.path() / "journal.db-wal";
    leave_a_log(directory);
    SECTION("in the middle of its entries") {
        flip(log, std::filesystem::file_size(log) / 4 * 3);
    }
    SECTION("where it makes the tables and nobody has named the stream yet") {
        flip(log, std::filesystem::file_size(log) / 2);
    }
    SECTION("in its header so that nothing of it is read") {
        flip(log, 20);
    }
    SECTION("cut off") {
        std::filesystem::resize_file(log, std::filesystem::file_size(log) - 4096);
    }
    const auto journal = open_journal(directory.path());
    CHECK(journal->start().created);
    CHECK(journal->last().sequence == 0);
    REQUIRE(journal->start().set_aside.has_value());
    CHECK(std::filesystem::exists(journal->start().set_aside->string() + "-wal"));
    CHECK(journal->start().damage.find("entry 50 of stream") != std::string::npos);
}

TEST_CASE("without the file that knows a journal's end a damaged log is taken for an unfinished transaction") {
    const TemporaryDirectory directory;
    const auto log = directory.path() / "journal.db-wal";
    leave_a_log(directory);
    flip(log, std::filesystem::file_size(log) / 2);
    SECTION("it is lost") {
        std::filesystem::remove(directory.path() / "end");
    }
    SECTION("it is damaged itself") {
        flip(directory.path() / "end", 40);
    }
    const auto journal = open_journal(directory.path());
    CHECK_FALSE(journal->start().set_aside.has_value());
    CHECK(journal->last().sequence < 50);
}

TEST_CASE("a journal that was put back from an older image is set aside") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    const auto kept = directory.path() / "image";
    {
        auto journal = open_journal(directory.path());
        REQUIRE(journal->append(events_after(*journal, 3)) == StoreOutcome::committed);
        REQUIRE(journal->checkpoint() == StoreOutcome::committed);
        std::filesystem::copy_file(file, kept);
        REQUIRE(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
    }
    std::filesystem::rename(kept, file);
    std::filesystem::remove(file.string() + "-wal");
    const auto journal = open_journal(directory.path());
    REQUIRE(journal->start().set_aside.has_value());
    CHECK(journal->last().sequence == 0);
}

TEST_CASE("a journal that is whole is opened whatever the file that knows its end says of another stream") {
    const TemporaryDirectory directory;
    leave_a_log(directory);
    {
        EndMark end{directory.path() / "end", {}};
        REQUIRE(end.found().has_value());
        CHECK(end.found()->sequence == 50);
        end.put({StreamId{std::array<std::uint8_t, 16>{0xab}}, 1000});
    }
    const auto journal = open_journal(directory.path());
    CHECK_FALSE(journal->start().set_aside.has_value());
    CHECK(journal->last().sequence == 50);
}

TEST_CASE("an end that finds no room stays behind and one that meets a broken disk stops the journal") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path(), FaultyDisk::name());
    REQUIRE(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
    // The mark's write is the last of an append.
    const auto fault = GENERATE(DiskFault::full, DiskFault::write_error);
    auto outcome = StoreOutcome::unknown;
    for (int write = 1; outcome != StoreOutcome::committed; ++write) {
        FaultyDisk::fail(fault, write, false);
        outcome = journal->append(events_after(*journal, 1));
        REQUIRE(FaultyDisk::has_failed());
        FaultyDisk::heal();
        if (outcome == StoreOutcome::unknown) {
            journal.reset();
            journal = open_journal(directory.path(), FaultyDisk::name());
        }
    }
    const auto next = journal->append(events_after(*journal, 1));
    CHECK(next == (fault == DiskFault::full ? StoreOutcome::committed : StoreOutcome::unknown));
    journal.reset();
    CHECK_FALSE(open_journal(directory.path())->start().set_aside.has_value());
}

}  // namespace portcullis::store::testing
