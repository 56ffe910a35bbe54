#include <sqlite3.h>

#include <array>
#include <fstream>
#include <iterator>

#include "store/database.hpp"
#include "store/order_cache.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis::store;
using namespace portcullis::store::testing;
using portcullis::testing::contains_text;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_close(handle) == SQLITE_OK);
}

constexpr std::int32_t test_application = 0x54657374;

}  // namespace

TEST_CASE("every setting of a database reads back as docs/journal.md says") {
    const TemporaryDirectory directory;
    Database database{directory.path() / "test.db", {}, test_application};
    database.configure();
    const auto [name, value] = GENERATE(table<std::string, std::string>({
        {"locking_mode", "exclusive"},
        {"journal_mode", "wal"},
        {"synchronous", "2"},
        {"wal_autocheckpoint", "0"},
        {"journal_size_limit", "16777216"},
        {"cell_size_check", "1"},
        {"trusted_schema", "0"},
        {"foreign_keys", "1"},
        {"secure_delete", "1"},
        {"temp_store", "2"},
        {"mmap_size", "0"},
        {"cache_size", "-8192"},
        {"application_id", std::to_string(test_application)},
    }));
    CHECK(database.text("PRAGMA " + name) == value);
    CHECK_FALSE(std::filesystem::exists(directory.path() / "test.db-shm"));
}

TEST_CASE("docs/journal.md shows the tables that there are") {
    const TemporaryDirectory directory;
    open_journal(directory.path()).reset();
    apply(*open_cache(directory.path()), batch(1, {}));
    const auto page = bytes_of("docs/journal.md");
    const auto [file, application] =
        GENERATE(table<std::string, std::int32_t>({{"journal.db", 0x50634a6e}, {"orders.ciq.0.db", 0x50634f72}}));
    Database database{directory.path() / file, {}, application};
    CHECK(database.is_ours());
    auto schema = database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL");
    int shown = 0;
    while (schema.step()) {
        CHECK_THAT(page, contains_text(schema.text(0) + ";"));
        ++shown;
    }
    CHECK(shown > 5);
}

TEST_CASE("no SQL can damage the file or load code") {
    const TemporaryDirectory directory;
    Database database{directory.path() / "test.db", {}, test_application};
    database.configure();
    database.execute("CREATE TABLE thing(a INTEGER) STRICT");
    CHECK_THROWS_AS(database.execute("UPDATE sqlite_schema SET sql = ''"), DatabaseError);
    CHECK_THROWS_AS(database.execute("SELECT load_extension('x')"), DatabaseError);
    CHECK_THROWS_AS(database.execute("INSERT INTO thing VALUES ('text')"), DatabaseError);
}

TEST_CASE("a second daemon is refused while the first one lives") {
    const TemporaryDirectory directory;
    auto first = open_journal(directory.path());
    const auto second = try_open(directory.path());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().fault == StoreFault::second_daemon);
    CHECK_THAT(second.error().message, contains_text("another portcullisd"));
    REQUIRE(first->append(events_after(*first, 1)) == StoreOutcome::committed);
    first.reset();
    CHECK(try_open(directory.path()).ok());
}

TEST_CASE("a state directory that is not there says so") {
    const auto opened = try_open("/nonexistent/portcullis");
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().fault == StoreFault::input_output);
    CHECK_THAT(opened.error().message, contains_text("/nonexistent/portcullis/lock"));
}

TEST_CASE("a newer schema is refused and the file stays as it was") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    {
        auto journal = open_journal(directory.path());
        REQUIRE(journal->append(events_after(*journal, 5)) == StoreOutcome::committed);
    }
    run_sql(file, "PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)");
    const auto before = bytes_of(file);
    const auto opened = try_open(directory.path());
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().fault == StoreFault::newer_schema);
    CHECK_THAT(opened.error().message, contains_text("schema 99"));
    CHECK(bytes_of(file) == before);
}

TEST_CASE("another application's database is refused and stays as it was") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    run_sql(file, "CREATE TABLE theirs(a); INSERT INTO theirs VALUES (1)");
    const auto before = bytes_of(file);
    const auto opened = try_open(directory.path());
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().fault == StoreFault::not_ours);
    CHECK(bytes_of(file) == before);
}

TEST_CASE("a damaged journal is moved aside, never deleted, and a new stream begins") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    {
        auto journal = open_journal(directory.path());
        REQUIRE(journal->append(events_after(*journal, 50)) == StoreOutcome::committed);
        REQUIRE(journal->checkpoint() == StoreOutcome::committed);
    }
    std::filesystem::remove(directory.path() / "journal.db-wal");
    const auto size = std::filesystem::file_size(file);
    SECTION("garbage in the middle") {
        std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
        for (std::uintmax_t page = 1; page < size / 4096; ++page) {
            stream.seekp(static_cast<std::streamoff>(page * 4096));
            stream << "no page of a database";
        }
    }
    SECTION("cut off") {
        std::filesystem::resize_file(file, size / 2);
    }
    SECTION("no database at all") {
        std::ofstream stream{file, std::ios::trunc};
        stream << std::string(8192, 'z');
    }
    const auto damaged = bytes_of(file);
    auto journal = open_journal(directory.path());
    CHECK(journal->start().created);
    CHECK(journal->last().sequence == 0);
    REQUIRE(journal->start().set_aside.has_value());
    CHECK(*journal->start().set_aside == file.string() + ".damaged-1");
    CHECK(bytes_of(*journal->start().set_aside) == damaged);
    CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
}

TEST_CASE(
    "a journal that was stopped in order is opened without reading all of it, and after a crash it is read whole") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    const bool clean = GENERATE(true, false);
    {
        auto journal = open_journal(directory.path());
        REQUIRE(journal->append(events_after(*journal, 500)) == StoreOutcome::committed);
        JournalBatch last;
        last.clean_stop = clean;
        REQUIRE(journal->append(last) == StoreOutcome::committed);
        REQUIRE(journal->checkpoint() == StoreOutcome::committed);
    }
    std::filesystem::remove(file.string() + "-wal");
    // One leaf of the entries in the middle of the file: only who reads all of it meets this.
    {
        std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
        stream.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 4096 / 2 * 4096));
        stream << "no page of a database";
    }
    std::vector<std::string> announced;
    const auto opened = Journal::open({directory.path(),
                                       {},
                                       [&](const std::string& name, std::uintmax_t bytes) {
                                           announced.push_back(name);
                                           CHECK(bytes > 4096);
                                       }},
                                      counting_ids());
    REQUIRE(opened.ok());
    CHECK(opened.value()->start().set_aside.has_value() == !clean);
    CHECK(opened.value()->last().sequence == (clean ? 500 : 0));
    CHECK(announced == (clean ? std::vector<std::string>{} : std::vector{file.string()}));
    // What is damaged shows when it is read, as what it is.
    if (clean) {
        auto& journal = *opened.value();
        std::optional<StoreFault> fault;
        for (std::int64_t next = 1; next <= 500 && !fault; ++next) {
            const auto rows = journal.read_from(next, 1, 100'000);
            fault = rows ? std::nullopt : std::optional{rows.error().fault};
        }
        CHECK(fault == StoreFault::corrupt);
    }
}

TEST_CASE("a stream names the one that it replaced, also at later starts") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    const auto id = [](std::uint8_t last) { return [last] { return std::array<std::uint8_t, 16>{last}; }; };
    const auto first = Journal::open({directory.path(), {}, {}}, id(1)).value()->start();
    CHECK(first.previous_stream == "none");
    std::filesystem::remove(file.string() + "-wal");
    std::ofstream{file, std::ios::trunc} << std::string(8192, 'z');
    std::string expected = first.stream.text();
    SECTION("its id is kept beside the journal") {}
    SECTION("the id beside it is lost as well") {
        std::filesystem::remove(directory.path() / "stream");
        expected = "unknown";
    }
    const auto second = Journal::open({directory.path(), {}, {}}, id(2)).value()->start();
    REQUIRE(second.set_aside.has_value());
    CHECK(second.stream != first.stream);
    CHECK(second.previous_stream == expected);
    CHECK(Journal::open({directory.path(), {}, {}}, id(3)).value()->start().previous_stream == expected);
    std::filesystem::remove(file);
    std::filesystem::remove(file.string() + "-wal");
    CHECK(Journal::open({directory.path(), {}, {}}, id(4)).value()->start().previous_stream == second.stream.text());
}

TEST_CASE("migrations run in order, each whole or not at all") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "test.db";
    constexpr std::array<Migration, 1> first{"CREATE TABLE thing(a INTEGER NOT NULL) STRICT"};
    constexpr std::array<Migration, 3> broken{first[0], "ALTER TABLE thing ADD COLUMN b TEXT",
                                              "CREATE TABLE other(c INTEGER) STRICT; CREATE TABLE thing(a INTEGER)"};
    constexpr std::array<Migration, 3> mended{broken[0], broken[1], "CREATE TABLE other(c INTEGER) STRICT"};
    const auto with = [&](auto history, auto check) {
        Database database{file, {}, test_application};
        database.configure();
        check(database, history);
    };
    with(first, [](Database& database, const auto& history) {
        migrate(database, history);
        database.execute("INSERT INTO thing VALUES (7)");
        CHECK(database.version() == 1);
    });
    with(broken, [](Database& database, const auto& history) {
        CHECK_THROWS_AS(migrate(database, history), DatabaseError);
        CHECK(database.version() == 2);
        CHECK(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'other'") == 0);
    });
    with(mended, [](Database& database, const auto& history) {
        migrate(database, history);
        CHECK(database.version() == 3);
        CHECK(database.integer("SELECT a FROM thing") == 7);
    });
}

TEST_CASE("a start that was cut off in its first moments is taken up again") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "journal.db";
    SECTION("an empty file") {
        std::ofstream{file}.flush();
    }
    SECTION("a file without tables") {
        run_sql(file, "PRAGMA journal_mode=WAL");
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().created);
    CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
}
