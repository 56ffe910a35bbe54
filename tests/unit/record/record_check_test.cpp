#include "simulators/record/record_check.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "core/time_text.hpp"
#include "runtime/clock.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::record {
namespace {

constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};

/// A gate's state folder with a journal in WAL mode that is open while it is looked at, as the daemon's is.
class AJournal {
public:
    AJournal() {
        std::string pattern = (std::filesystem::temp_directory_path() / "record-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        REQUIRE(sqlite3_open((folder_ / "journal.db").c_str(), &database_) == SQLITE_OK);
        run("PRAGMA locking_mode=EXCLUSIVE");
        run("PRAGMA journal_mode=WAL");
        run("CREATE TABLE event(sequence INTEGER PRIMARY KEY, hash BLOB, type TEXT NOT NULL, subject TEXT NOT NULL, "
            "time_ms INTEGER, published TEXT NOT NULL) STRICT");
    }
    ~AJournal() {
        sqlite3_close(database_);
        std::filesystem::remove_all(folder_);
    }
    AJournal(const AJournal&) = delete;
    AJournal& operator=(const AJournal&) = delete;

    void run(const std::string& statement) {
        char* error = nullptr;
        if (sqlite3_exec(database_, statement.c_str(), nullptr, nullptr, &error) != SQLITE_OK) {
            throw std::runtime_error{error};
        }
    }
    void event(const std::string& name, const std::string& data) {
        const auto number = std::to_string(++last_);
        run("INSERT INTO event VALUES(" + number + ", x'00', '" + name + "', 'lane/out-1', 0, " +
            R"('{"type":"portcullis.)" + name + R"(.v1","time":")" + time_text(noon) + R"(","data":)" + data + "}')");
    }
    void verdict(const std::string& outcome) {
        event("verdict.issued", R"({"passage":"p","outcome":")" + outcome + R"("})");
    }
    void permission_began() { event("permission.began", R"({"passage":"p","permission_id":"x","basis_sequence":1})"); }
    void permission_ended() { event("permission.ended", R"({"passage":"p","permission_id":"x","basis_sequence":1})"); }
    void arm_commanded(const std::string& passage = "p") {
        event("arm.commanded", R"({"passage":")" + passage + R"(","permission_id":"x","command":"up"})");
    }
    void full_record() {
        verdict("release");
        permission_began();
        arm_commanded();
    }

    /// An arm-up write at this moment, `after` the events.
    std::string missing(std::chrono::milliseconds after = std::chrono::milliseconds{20}) {
        return find_allowance(copy_journal(folder_, folder_ / "copy"), "out-1", noon + after).missing;
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
    sqlite3* database_ = nullptr;
    int last_ = 0;
};

}  // namespace

TEST_CASE("verdict, permission and command on disk allow the write") {
    AJournal journal;
    journal.full_record();
    CHECK(journal.missing().empty());
}

TEST_CASE("a write without its record is found out") {
    AJournal journal;
    SECTION("nothing at all") {}
    SECTION("no command") {
        journal.verdict("release");
        journal.permission_began();
    }
    SECTION("no permission") {
        journal.verdict("release");
        journal.arm_commanded();
    }
    SECTION("no verdict") {
        journal.event("passage.detected", R"({"passage":"p"})");
        journal.permission_began();
        journal.arm_commanded();
    }
    SECTION("a verdict that holds") {
        journal.verdict("hold");
        journal.permission_began();
        journal.arm_commanded();
    }
    SECTION("a permission that has ended") {
        journal.full_record();
        journal.permission_ended();
    }
    SECTION("a command for another passage") {
        journal.verdict("release");
        journal.permission_began();
        journal.arm_commanded("q");
    }
    SECTION("a verdict that was superseded") {
        journal.full_record();
        journal.event("verdict.superseded", R"({"passage":"p","old_sequence":1})");
    }
    CHECK_FALSE(journal.missing().empty());
}

TEST_CASE("a record that is not committed does not count") {
    AJournal journal;
    journal.run("BEGIN");
    journal.full_record();
    CHECK_FALSE(journal.missing().empty());
    journal.run("COMMIT");
    CHECK(journal.missing().empty());
}

TEST_CASE("an old command allows nothing any more") {
    AJournal journal;
    journal.full_record();
    CHECK_FALSE(journal.missing(std::chrono::seconds{30}).empty());
}

TEST_CASE("one command allows one write") {
    AJournal journal;
    journal.full_record();
    const runtime::SystemClock clock;
    RecordCheck check{journal.folder() / "copies", clock};
    check.arm_goes_up(journal.folder(), "g1", "out-1", noon);
    check.arm_goes_up(journal.folder(), "g1", "out-1", noon);
    check.finish();
    CHECK(check.arm_ups() == 2);
    CHECK(check.without_record().size() == 1);
}

TEST_CASE("a gate without a journal has no record") {
    const runtime::SystemClock clock;
    RecordCheck check{std::filesystem::temp_directory_path() / "record-none", clock};
    check.arm_goes_up("/nonexistent", "g1", "out-1", noon);
    check.finish();
    CHECK(check.without_record().size() == 1);
    std::filesystem::remove_all(std::filesystem::temp_directory_path() / "record-none");
}

}  // namespace portcullis::record
