// What the journal's database remembers of vehicles and boxes: with their entries, as long as these hold the plates.
#include "store/database.hpp"
#include "store/history_tables.hpp"
#include "store/journal_tables.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/an_old_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::store {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const WallTime noon{1'700'000'000'000ms};
const auto box = ContainerNumber::parse("CSQU3054383").value();
const auto other_box = ContainerNumber::parse("MSKU0028235").value();
const std::string plate = "闽D12345";
const std::string trailer = "闽D1234挂";
const std::string enterprise = "3502960123";

PassageId passage(std::uint8_t number) {
    return PassageId{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number}};
}

PlateSeen seen(std::uint8_t of, WallTime at, const std::string& text = plate, const char* lane = "in-1") {
    return {text, passage(of), LaneName{lane}, at};
}

BoxMoved moved(BoxPlace place, WallTime at, Tristate laden = Tristate::yes, const ContainerNumber& which = box) {
    return {which, place, at, laden, enterprise};
}

ContainerNumber numbered_box(std::int64_t number) {
    const auto text = "CSQU" + std::to_string(100'000 + number);
    auto parsed = ContainerNumber::parse(text + '0');
    if (!parsed) {
        parsed = ContainerNumber::parse(text + parsed.error().expected_check.value());
    }
    return parsed.value();
}

/// One entry, and what it adds.
StoreOutcome append(Journal& journal, HistoryChange change) {
    auto batch = events_after(journal, 1);
    batch.history.push_back({batch.events.back().sequence, std::move(change)});
    return journal.append(batch);
}

HistoryFound about(Journal& journal, std::uint8_t asks = 99) {
    return journal.history_of({passage(asks), {plate, trailer}, {box}, {enterprise}}).value();
}

BoxHistory of_box(Journal& journal) {
    return about(journal).boxes.at(0).second;
}

}  // namespace

TEST_CASE("a vehicle's earlier visits are found, newest first, each once, and never its own") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    REQUIRE(append(*journal, {{seen(1, noon), seen(1, noon, trailer)}, {}}) == StoreOutcome::committed);
    REQUIRE(append(*journal, {{seen(1, noon + 1min)}, {}}) == StoreOutcome::committed);
    REQUIRE(append(*journal, {{seen(2, noon + 1h, plate, "out-1")}, {}}) == StoreOutcome::committed);
    REQUIRE(append(*journal, {{seen(3, noon + 2h, "闽D99999")}, {}}) == StoreOutcome::committed);
    const auto visits = about(*journal).visits;
    CHECK(visits == std::vector<Visit>{{noon + 1h, "out-1"}, {noon, "in-1"}});
    CHECK(about(*journal, 2).visits == std::vector<Visit>{{noon, "in-1"}});
    journal.reset();
    CHECK(about(*open_journal(directory.path())).visits == visits);
}

TEST_CASE("a box is known to be inside since it came, to have left, or not to be known") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    CHECK(of_box(*journal) == BoxHistory{Tristate::no, std::nullopt});  // nobody saw it: it has not left
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::inside, noon)}}) == StoreOutcome::committed);
    CHECK(of_box(*journal) == BoxHistory{Tristate::no, noon});
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::outside, noon + 1h)}}) == StoreOutcome::committed);
    CHECK(of_box(*journal) == BoxHistory{Tristate::yes, std::nullopt});
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::inside, noon + 2h)}}) == StoreOutcome::committed);
    CHECK(of_box(*journal) == BoxHistory{Tristate::no, noon + 2h});
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::unknown, noon + 3h)}}) == StoreOutcome::committed);
    CHECK(of_box(*journal) == BoxHistory{});
    journal.reset();
    CHECK(of_box(*open_journal(directory.path())) == BoxHistory{});
}

TEST_CASE("an enterprise's boxes inside are counted, but for those that are known to be empty") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    CHECK(about(*journal).boxes_inside.at(enterprise) == 0);
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::inside, noon)}}) == StoreOutcome::committed);
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::inside, noon, Tristate::unknown, other_box)}}) ==
            StoreOutcome::committed);
    CHECK(about(*journal).boxes_inside.at(enterprise) == 2);
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::inside, noon, Tristate::no)}}) == StoreOutcome::committed);
    CHECK(about(*journal).boxes_inside.at(enterprise) == 1);
    REQUIRE(append(*journal, {{}, {moved(BoxPlace::outside, noon, Tristate::yes, other_box)}}) ==
            StoreOutcome::committed);
    CHECK(about(*journal).boxes_inside.at(enterprise) == 0);
    CHECK(journal->history_of({passage(1), {}, {}, {"unknown"}})->boxes_inside.empty());
}

TEST_CASE("a visit's plate is erased with its entry, and cut with it") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    for (std::uint8_t number = 1; number <= 3; ++number) {
        REQUIRE(append(*journal, {{seen(number, noon + std::chrono::hours{number})},
                                  {moved(BoxPlace::inside, noon)}}) == StoreOutcome::committed);
    }
    REQUIRE(journal->erase({{2, "erased"}}) == StoreOutcome::committed);
    CHECK(about(*journal).visits == std::vector<Visit>{{noon + 3h, "in-1"}, {noon + 1h, "in-1"}});
    JournalBatch head;
    head.heads.push_back({1, noon, "head"});
    REQUIRE(journal->append(head) == StoreOutcome::committed);
    REQUIRE(journal->cut_through(1) == StoreOutcome::committed);
    CHECK(about(*journal).visits == std::vector<Visit>{{noon + 3h, "in-1"}});
    CHECK(of_box(*journal).came_in == noon);  // no person is in it
}

TEST_CASE("an order that a verdict named is known after a restart, and goes with its newest entry") {
    const TemporaryDirectory directory;
    const OrderNamed once{Authority{"ciq"}, OrderId{"T-1"}};
    const OrderNamed twice{Authority{"ciq"}, OrderId{"T-2"}};
    {
        auto journal = open_journal(directory.path());
        REQUIRE(append(*journal, {{}, {}, {once, twice}}) == StoreOutcome::committed);
        REQUIRE(append(*journal, {{}, {}, {twice}}) == StoreOutcome::committed);
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().named == std::vector{once, twice});
    JournalBatch head;
    head.heads.push_back({1, noon, "head"});
    REQUIRE(journal->append(head) == StoreOutcome::committed);
    REQUIRE(journal->cut_through(1) == StoreOutcome::committed);
    journal.reset();
    CHECK(open_journal(directory.path())->start().named == std::vector{twice});
}

TEST_CASE("what is remembered is bounded: the oldest rows go") {
    const TemporaryDirectory directory;
    constexpr std::int32_t test_application = 0x54657374;
    Database database{directory.path() / "test.db", {}, test_application};
    database.configure();
    migrate(database, journal_history());
    HistoryTables tables{database, {.visits = 10, .boxes = 5, .named = 5, .trim_every = 4}};
    for (std::int64_t sequence = 1; sequence <= 40; ++sequence) {
        tables.write(sequence, {{seen(static_cast<std::uint8_t>(sequence), noon + std::chrono::hours{sequence})},
                                {moved(BoxPlace::inside, noon, Tristate::yes, numbered_box(sequence))},
                                {{Authority{"ciq"}, OrderId{"T-" + std::to_string(sequence)}}}});
    }
    CHECK(database.integer("SELECT count(*) FROM visit") == 10);
    CHECK(database.integer("SELECT min(sequence) FROM visit") == 31);
    CHECK(database.integer("SELECT count(*) FROM box_place") == 5);
    CHECK(tables.named().size() == 5);
    CHECK(tables.answer({passage(99), {plate}, {}, {}}).visits.front().at == noon + 40h);
}

TEST_CASE("a journal of the schema before begins to remember") {
    const TemporaryDirectory directory;
    constexpr std::int32_t journal_application = 0x50634a6e;
    open_journal(directory.path()).reset();
    {
        Database database{directory.path() / "journal.db", {}, journal_application};
        database.configure();
        bring_back_schema_4(database);
        database.execute("DROP TABLE visit; DROP TABLE box_place; PRAGMA user_version=3");
        database.checkpoint();
    }
    auto journal = open_journal(directory.path());
    REQUIRE(append(*journal, {{seen(1, noon)}, {}}) == StoreOutcome::committed);
    CHECK(about(*journal).visits.size() == 1);
}

}  // namespace portcullis::store
