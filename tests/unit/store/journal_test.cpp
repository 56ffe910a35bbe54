#include "store/journal.hpp"

#include <algorithm>

#include "store/database.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/an_old_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;

namespace {

UsageKey key(const std::string& order, const std::string& container = "CSQU3054383") {
    UsageKey key{Authority{"ciq"}, OrderId{order}, std::nullopt, ControlPoint{"g07"}};
    if (!container.empty()) {
        key.container = ContainerNumber::parse(container).value();
    }
    return key;
}

PassageId passage(std::uint8_t number) {
    return PassageId{{number}};
}

}  // namespace

TEST_CASE("a new journal begins a stream, and a restart goes on with it") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        CHECK(journal->start().created);
        CHECK(journal->start().boot_counter == 1);
        CHECK_FALSE(journal->start().previous_stop_clean);
        CHECK(journal->start().schema == 5);
        CHECK(journal->last().sequence == 0);
        CHECK(journal->last().hash == Hash256{});
        CHECK(journal->append(events_after(*journal, 3)) == StoreOutcome::committed);
        CHECK(journal->last().sequence == 3);
    }
    auto journal = open_journal(directory.path());
    CHECK_FALSE(journal->start().created);
    CHECK(journal->start().stream.text() == "00000000000000000000000000000001");
    CHECK(journal->start().boot_counter == 2);
    CHECK_FALSE(journal->start().previous_stop_clean);
    CHECK(journal->last().sequence == 3);
    CHECK(journal->last().hash == event(3).hash);
    CHECK(journal->last().time == event(3).time);
    CHECK(count_whole(*journal) == 3);
}

TEST_CASE("an ordered stop shows at the next start, and only there") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        auto last = events_after(*journal, 1);
        last.clean_stop = true;
        CHECK(journal->append(last) == StoreOutcome::committed);
    }
    CHECK(open_journal(directory.path())->start().previous_stop_clean);
    CHECK_FALSE(open_journal(directory.path())->start().previous_stop_clean);
}

TEST_CASE("events that do not continue the stream are not written") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    JournalBatch batch;
    batch.events = {event(1), event(3)};
    CHECK_THROWS_AS(journal->append(batch), std::logic_error);
    CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
    CHECK(count_whole(*journal) == 1);
}

TEST_CASE("reading stops at the bound of rows and of bytes, and always gives one") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    REQUIRE(journal->append(events_after(*journal, 10)) == StoreOutcome::committed);
    CHECK(journal->read_from(4, 3, 1'000'000)->size() == 3);
    CHECK(journal->read_from(4, 3, 1'000'000)->front().sequence == 4);
    CHECK(journal->read_from(1, 100, 1300)->size() == 2);
    CHECK(journal->read_from(1, 100, 1)->size() == 1);
    CHECK(journal->read_from(11, 100, 1'000'000)->empty());
}

TEST_CASE("places of orders are taken, given back, and known after a restart") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        JournalBatch batch;
        batch.usage = {{key("R-1"), UsageState::reserved, passage(1)},
                       {key("R-1"), UsageState::reserved, passage(2)},
                       {key("M-1", ""), UsageState::reserved, passage(3)}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        batch.usage = {{key("R-1"), UsageState::used, passage(1)}, {key("M-1", ""), UsageState::free, passage(3)}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        const auto usage = journal->usage_of({key("R-1"), key("M-1", ""), key("R-1", "MSKU0028235")});
        CHECK(*usage == std::vector<Usage>{{key("R-1"), UsageState::used, passage(1)},
                                           {key("R-1"), UsageState::reserved, passage(2)}});
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().reserved == std::vector<Usage>{{key("R-1"), UsageState::reserved, passage(2)}});
    CHECK(journal->usage_of({key("R-1")})->size() == 2);
}

TEST_CASE("each box of a vehicle has a place of its own on an order that names none") {
    const TemporaryDirectory directory;
    const Usage first{key("M-1", ""), UsageState::reserved, passage(1), 1};
    const Usage second{key("M-1", ""), UsageState::reserved, passage(1), 2};
    {
        auto journal = open_journal(directory.path());
        JournalBatch batch;
        batch.usage = {first, second};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        REQUIRE(journal->append(batch) == StoreOutcome::committed);  // once more says nothing new
        CHECK(*journal->usage_of({key("M-1", "")}) == std::vector{first, second});
        batch.usage = {{key("M-1", ""), UsageState::free, passage(1), 1}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().reserved == std::vector{second});
}

TEST_CASE("a journal from before boxes had places of their own keeps what was taken") {
    const TemporaryDirectory directory;
    constexpr std::int32_t journal_application = 0x50634a6e;
    {
        auto journal = open_journal(directory.path());
        auto batch = events_after(*journal, 3);
        batch.usage = {{key("R-1"), UsageState::used, passage(1)}, {key("M-1", ""), UsageState::reserved, passage(2)}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    }
    {
        Database database{directory.path() / "journal.db", {}, journal_application};
        database.configure();
        bring_back_schema_4(database);
        database.checkpoint();
    }
    auto journal = open_journal(directory.path());
    CHECK(journal->start().schema == 5);
    CHECK(journal->start().reserved == std::vector<Usage>{{key("M-1", ""), UsageState::reserved, passage(2), 1}});
    const auto places = journal->usage_behind(std::nullopt, 10);
    REQUIRE(places->size() == 2);
    CHECK(places->at(1).usage == Usage{key("R-1"), UsageState::used, passage(1), 1});
    CHECK(places->at(1).sequence == 3);  // no entry before the migration's can say when it was
}

TEST_CASE("all places that are not free are gone through page by page, each with the entry that took it") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    std::vector<Usage> all;
    for (std::uint8_t number = 1; number <= 7; ++number) {
        auto batch = events_after(*journal, 1);
        batch.usage = {{key("R-" + std::to_string(number)), UsageState::used, passage(number)}};
        all.push_back(batch.usage.front());
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    }
    std::vector<Usage> found;
    std::vector<std::int64_t> sequences;
    std::optional<Usage> mark;
    for (;;) {
        const auto page = journal->usage_behind(mark, 3);
        REQUIRE(page.ok());
        for (const auto& row : *page) {
            found.push_back(row.usage);
            sequences.push_back(row.sequence);
        }
        if (page->size() < 3) {
            break;
        }
        mark = page->back().usage;
    }
    CHECK(found == all);
    CHECK(sequences == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("an order is unused while no passage has a place of it at any control point") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    auto elsewhere = key("R-2");
    elsewhere.control_point = ControlPoint{"yard"};
    JournalBatch batch;
    batch.usage = {{key("R-1"), UsageState::reserved, passage(1)}, {elsewhere, UsageState::used, passage(2)}};
    REQUIRE(journal->append(batch) == StoreOutcome::committed);
    const std::vector<OrderId> asked{OrderId{"R-1"}, OrderId{"R-2"}, OrderId{"R-3"}};
    CHECK(*journal->unused(Authority{"ciq"}, asked) == std::vector{OrderId{"R-3"}});
    CHECK(journal->unused(Authority{"customs"}, asked)->size() == 3);
}

TEST_CASE("a signed document and the floors that came with it are there after a restart and the newest replaces it") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        CHECK(journal->start().documents.empty());
        CHECK_FALSE(journal->start().trust_floors);
        JournalBatch batch;
        batch.documents = {{"root", "", 1, Hash256{1}, "first"}, {"timestamp", "", 7, Hash256{7}, "seventh"}};
        batch.trust_floors = "floors 1";
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        batch.documents = {{"root", "", 2, Hash256{2}, "second"}};
        batch.trust_floors = "floors 2";
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        REQUIRE(journal->append({}) == StoreOutcome::committed);
    }
    const auto journal = open_journal(directory.path());
    const auto& documents = journal->start().documents;
    REQUIRE(documents.size() == 2);
    CHECK(documents[0].kind == "root");
    CHECK(documents[0].version == 2);
    CHECK(documents[0].hash == Hash256{2});
    CHECK(documents[0].envelope == "second");
    CHECK(documents[1].envelope == "seventh");
    CHECK(journal->start().trust_floors == "floors 2");
}

TEST_CASE("an order without a container is not the one for AAAJ0000000, whose packed key is 0") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    JournalBatch batch;
    batch.usage = {{key("M-1", ""), UsageState::reserved, passage(1)}};
    REQUIRE(journal->append(batch) == StoreOutcome::committed);
    CHECK(key("M-1", "AAAJ0000000").container->packed() == 0);
    CHECK(journal->usage_of({key("M-1", "AAAJ0000000")})->empty());
    CHECK(journal->usage_of({key("M-1", "")})->size() == 1);
}

TEST_CASE("a lane's notes are kept, replaced and forgotten") {
    const TemporaryDirectory directory;
    const LaneName out{"out-1"};
    {
        auto journal = open_journal(directory.path());
        JournalBatch batch;
        batch.notes = {{out, "passage/1", R"({"state":"arriving"})"},
                       {out, "command/1", "{}"},
                       {LaneName{"in-1"}, "passage/1", "{}"}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        batch.notes = {{out, "passage/1", R"({"state":"passing"})"}, {out, "command/1", std::nullopt}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        REQUIRE(journal->notes_of(out)->size() == 1);
        CHECK(journal->notes_of(out)->front().body == R"({"state":"passing"})");
    }
    CHECK(open_journal(directory.path())->start().notes.size() == 2);
}

TEST_CASE("a destination's acknowledgement never goes back") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        CHECK(journal->acknowledge("supervision", 7) == StoreOutcome::committed);
        CHECK(journal->acknowledge("supervision", 5) == StoreOutcome::committed);
    }
    const auto journal = open_journal(directory.path());
    REQUIRE(journal->start().acknowledged.size() == 1);
    CHECK(journal->start().acknowledged[0].destination == "supervision");
    CHECK(journal->start().acknowledged[0].sequence == 7);
}

TEST_CASE("an authority's place in its chain of batches is kept with the cursor") {
    const TemporaryDirectory directory;
    {
        auto journal = open_journal(directory.path());
        JournalBatch batch;
        batch.order_positions = {{Authority{"ciq"}, 1, event(1).hash, 1}, {Authority{"customs"}, 1, event(2).hash, 2}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
        batch.order_positions = {{Authority{"ciq"}, 2, event(3).hash, 3}};
        REQUIRE(journal->append(batch) == StoreOutcome::committed);
    }
    const auto journal = open_journal(directory.path());
    const auto& positions = journal->start().order_positions;
    REQUIRE(positions.size() == 2);
    CHECK(positions[0].number == 2);
    CHECK(positions[0].hash == event(3).hash);
    CHECK(positions[0].cursor == 3);
    CHECK(positions[1].authority == Authority{"customs"});
}

TEST_CASE("what is written after a checkpoint is there, and the log does not grow without end") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    const auto log_size = [&] { return std::filesystem::file_size(directory.path() / "journal.db-wal"); };
    std::uintmax_t largest = 0;
    int checkpoints = 0;
    for (int batch = 0; batch < 200; ++batch) {
        REQUIRE(journal->append(events_after(*journal, 100)) == StoreOutcome::committed);
        if (journal->checkpoint_due()) {
            REQUIRE(journal->checkpoint() == StoreOutcome::committed);
            ++checkpoints;
        }
        largest = std::max(largest, log_size());
    }
    CHECK(checkpoints > 1);
    CHECK(largest < std::uintmax_t{8} << 20U);
    CHECK(count_whole(*journal) == 20'000);
}

TEST_CASE("a checkpoint that nobody asks for is made before the log is too long") {
    const TemporaryDirectory directory;
    auto journal = open_journal(directory.path());
    for (int batch = 0; batch < 40; ++batch) {
        REQUIRE(journal->append(events_after(*journal, 3000)) == StoreOutcome::committed);
    }
    CHECK(std::filesystem::file_size(directory.path() / "journal.db-wal") < std::uintmax_t{64} << 20U);
    CHECK(count_whole(*journal) == 120'000);
}
