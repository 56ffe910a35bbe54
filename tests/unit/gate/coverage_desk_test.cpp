// The hourly sheet over restarts, crashes and clocks: every entry is on exactly one.
#include "gate/coverage_desk.hpp"

#include <algorithm>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::testing::TemporaryDirectory;

const auto ten = time_from_text("2026-11-23T10:00:00.000Z").value();

std::int64_t number(const Value& data, std::string_view name) {
    return *data.find(name)->get<std::int64_t>();
}

/// A gate's journal and its desk; a process can end at any time.
class Bench {
public:
    explicit Bench(WallTime wall = ten + 5min) { now.wall = wall; }

    void start() {
        desk.reset();
        journal.reset();
        journal = store::testing::open_journal(directory.path());
        desk.emplace(*journal, now);
        next = journal->last().sequence;
    }
    /// An entry that is durable at once.
    void record(const Event& event) { commit({numbered(event)}); }
    store::EventRow numbered(const Event& event) {
        store::EventRow row;
        row.sequence = ++next;
        row.type = event.type;
        row.subject = event.subject;
        row.time = now.wall;
        row.published = codec::canonical_text(Value{Object{{"data", event.data}}}).value();
        desk->count(event, row.sequence);
        return row;
    }
    void commit(std::vector<store::EventRow> rows) {
        store::JournalBatch batch;
        batch.events = std::move(rows);
        REQUIRE(journal->append(batch) == store::StoreOutcome::committed);
    }
    void passage_begins(const std::string& id) {
        record({"passage.detected", "lane/a", now, Object{{"passage", id}}, {}});
    }
    void passage_ends(const std::string& id) {
        record({"passage.ended",
                "lane/a",
                now,
                Object{{"passage", id}, {"outcome", "cleared"}, {"way", "in"}, {"movement", "no_box"}, {"boxes", 0}},
                {}});
    }
    void pass(std::chrono::milliseconds time) {
        now.wall += time;
        now.instant += time;
    }
    /// The sheet that is due now, recorded; nothing when none is.
    std::optional<Value> sheet() {
        auto due = desk->due(now, next);
        if (!due) {
            return std::nullopt;
        }
        record(*due);
        return due->data;
    }

    TemporaryDirectory directory;
    Now now{Instant{1h}, {}, ClockState::synchronised};
    std::unique_ptr<store::Journal> journal;
    std::optional<CoverageDesk> desk;
    std::int64_t next = 0;
};

}  // namespace

TEST_CASE("a sheet ends on the full hour, also when nothing happened") {
    Bench bench;
    bench.start();
    CHECK_FALSE(bench.sheet());
    bench.passage_begins("p1");
    CHECK_FALSE(bench.sheet());
    bench.pass(54min + 59s);
    CHECK_FALSE(bench.sheet());
    bench.pass(1s);
    const auto first = bench.sheet();
    REQUIRE(first);
    CHECK(number(*first, "detected") == 1);
    CHECK(number(*first, "first") == 1);
    CHECK(number(*first, "last") == 1);
    CHECK_FALSE(bench.sheet());
    bench.pass(1h);
    const auto second = bench.sheet();
    REQUIRE(second);
    CHECK(number(*second, "detected") == 0);
    CHECK(number(*second, "open_before") == 1);
    CHECK(*second->find("from")->get<std::string>() == *first->find("to")->get<std::string>());
}

TEST_CASE("a restart within the hour counts again what is on record, once") {
    Bench bench;
    bench.start();
    bench.passage_begins("p1");
    bench.pass(1h);
    REQUIRE(bench.sheet());
    bench.passage_ends("p1");
    bench.passage_begins("p2");
    for (int i = 0; i < 3; ++i) {
        bench.start();
        CHECK(bench.desk->problem().empty());
    }
    bench.passage_ends("p2");
    bench.pass(1h);
    const auto sheet = bench.sheet();
    REQUIRE(sheet);
    CHECK(number(*sheet, "open_before") == 1);
    CHECK(number(*sheet, "detected") == 1);
    CHECK(number(*sheet, "vehicles") == 2);
    CHECK(number(*sheet, "unopened") == 0);
}

TEST_CASE("a sheet that a crash kept from the disk is made anew from the entries that are there") {
    Bench bench;
    bench.start();
    bench.passage_begins("p1");
    bench.pass(1h);
    const auto lost = bench.desk->due(bench.now, bench.next);
    REQUIRE(lost);
    static_cast<void>(bench.numbered(*lost));  // and never committed
    bench.start();
    const auto sheet = bench.sheet();
    REQUIRE(sheet);
    CHECK(*sheet == lost->data);
}

TEST_CASE("after a night without power the open sheet ends at once, and reaches over it") {
    Bench bench;
    bench.start();
    bench.passage_begins("p1");
    bench.pass(9h);
    bench.start();
    const auto sheet = bench.sheet();
    REQUIRE(sheet);
    CHECK(number(*sheet, "detected") == 1);
    CHECK(*sheet->find("from")->get<std::string>() == "2026-11-23T10:05:00.000Z");
    CHECK(*sheet->find("to")->get<std::string>() == "2026-11-23T19:05:00.000Z");
}

TEST_CASE("however the clock is set, sheets follow each other and hold every passage once") {
    Bench bench;
    bench.start();
    std::int64_t passages = 0;
    std::int64_t expected = 1;
    int sheets = 0;
    for (int i = 0; i < 500; ++i) {
        bench.passage_begins(std::to_string(i));
        bench.passage_ends(std::to_string(i));
        bench.pass(10s);
        bench.now.wall += i % 7 == 0 ? -3h : i % 5 == 0 ? 2h : i % 11 == 0 ? std::chrono::hours{87'600} : 0h;
        if (const auto sheet = bench.sheet()) {
            CHECK(number(*sheet, "first") == expected);
            expected = number(*sheet, "last") + 2;
            passages += number(*sheet, "vehicles");
            ++sheets;
        }
        if (i % 50 == 0) {
            bench.start();
        }
    }
    bench.pass(2h);
    passages += number(bench.sheet().value(), "vehicles");
    CHECK(passages == 500);
    CHECK(sheets > 10);
    CHECK(sheets <= 500 * 10 / 60 + 11);  // one a minute at most, and one a start
}

TEST_CASE("a clock that stands still does not keep a sheet open") {
    Bench bench;
    bench.start();
    bench.passage_begins("p1");
    bench.now.instant += 60min;
    CHECK_FALSE(bench.sheet());
    bench.now.instant += 1min;
    CHECK(bench.sheet());
}

TEST_CASE("a journal without any sheet is counted from its first entry") {
    Bench bench;
    bench.start();
    bench.passage_begins("p1");
    bench.passage_ends("p1");
    bench.pass(30h);
    bench.start();
    const auto sheet = bench.sheet();
    REQUIRE(sheet);
    CHECK(number(*sheet, "vehicles") == 1);
    CHECK(*sheet->find("from")->get<std::string>() == "2026-11-23T10:05:00.000Z");
}

TEST_CASE("an entry that cannot be read is told, and not passed over in silence") {
    Bench bench;
    bench.start();
    auto row = bench.numbered({"passage.detected", "lane/a", bench.now, Object{{"passage", "p1"}}, {}});
    row.published = "no event";
    bench.commit({row});
    bench.start();
    CHECK(bench.desk->problem() == "entry 1 cannot be read");
}

}  // namespace portcullis::gate
