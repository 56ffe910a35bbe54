#include "gate/order_upkeep.hpp"

#include <deque>
#include <memory>

#include "supervision/zone_answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::testing::batch;
using store::testing::box_number;
using store::testing::noon;

const Authority ciq{"ciq"};

store::OrderChange ending(const std::string& id, std::optional<WallTime> valid_to,
                          const std::string& status = "released", int serial = 1) {
    auto change = store::testing::put(id, status, box_number(serial));
    change.put->valid_to = valid_to;
    return change;
}

UsageKey place_of(const std::string& order, const Authority& authority = ciq) {
    return {authority, OrderId{order}, box_number(1), ControlPoint{"g07"}};
}

PassageId passage(std::uint8_t number) {
    return PassageId{{number}};
}

/// The upkeep over a real journal and a real cache; work is done when the test says so.
class UpkeepBench {
public:
    UpkeepBench() { restart(); }

    /// The process ends and begins anew on the same folder.
    void restart() {
        work_.clear();
        upkeep_.reset();
        cache.reset();
        journal.reset();
        journal = store::testing::open_journal(directory_.path());
        cache = store::testing::open_cache(directory_.path(), 3);
        begin();
    }
    /// Goes on ticking until nothing more comes of it at this time.
    void settle() {
        for (int quiet = 0; quiet < 3;) {
            upkeep_->tick(now());
            quiet = work_.empty() ? quiet + 1 : 0;
            work();
        }
    }
    /// One tick, and what it began.
    void step() {
        upkeep_->tick(now());
        work();
    }
    void pass(std::chrono::hours time) {
        instant_ += time;
        wall += time;
    }
    void apply(std::int64_t number, std::vector<store::OrderChange> changes, const std::string& authority = "ciq") {
        store::testing::apply(*cache, batch(number, std::move(changes), wall, authority));
    }
    void use(const UsageKey& key, std::uint8_t by, UsageState state = UsageState::used) {
        auto entry = store::testing::events_after(*journal, 1);
        entry.usage = {{key, state, passage(by)}};
        REQUIRE(journal->append(entry) == store::StoreOutcome::committed);
    }
    /// Every entry that is there is removed; one comes behind them.
    void cut_all() {
        const auto last = journal->last().sequence;
        auto next = store::testing::events_after(*journal, 1);
        next.heads.push_back({last, noon, "head"});
        REQUIRE(journal->append(next) == store::StoreOutcome::committed);
        REQUIRE(journal->cut_through(last) == store::StoreOutcome::committed);
    }
    /// `ciq 2024-10-04 2: R-1 R-2`
    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> told;
        for (const auto& event : events) {
            CHECK(event.type == "order.expired_unused");
            std::string line = *event.data.find("authority")->get<std::string>() + " " +
                               *event.data.find("date")->get<std::string>() + " " +
                               std::to_string(*event.data.find("count")->get<std::int64_t>());
            for (const auto& order : *event.data.find("orders")->get<List>()) {
                line += " " + *order.get<std::string>();
            }
            told.push_back(line);
        }
        return told;
    }
    [[nodiscard]] bool has(const std::string& order) const { return cache->missing(ciq, {OrderId{order}})->empty(); }
    [[nodiscard]] std::size_t places() const { return journal->usage_behind(std::nullopt, 1000)->size(); }
    [[nodiscard]] Now now() const { return {instant_, wall, clock_state}; }

    std::unique_ptr<store::Journal> journal;
    std::unique_ptr<store::OrderCache> cache;
    std::vector<Event> events;
    std::vector<Authority> authorities{ciq};
    std::vector<Authority> incomplete;
    std::vector<std::string> counting;  ///< ids of results that still count
    WallTime wall = noon;
    ClockState clock_state = ClockState::synchronised;
    bool idle = true;
    std::chrono::milliseconds retention = 30 * 24h;  ///< from the next start on

private:
    void begin() {
        OrderUpkeep::Ports ports;
        ports.submit = [this](const Submission& submission) { submit(submission); };
        ports.idle = [this] { return idle; };
        ports.authorities = [this] { return authorities; };
        ports.complete = [this](const Authority& authority) {
            return std::find(incomplete.begin(), incomplete.end(), authority) == incomplete.end();
        };
        ports.inner_counts = [this](const UsageKey& key) {
            return std::find(counting.begin(), counting.end(), key.order.text()) != counting.end();
        };
        ports.on_journal = [this](const std::function<std::function<void()>(store::Journal&)>& ask) {
            work_.emplace_back([this, ask] { ask (*journal)(); });
        };
        ports.on_cache = [this](const std::function<std::function<void()>(store::OrderCache&)>& ask) {
            work_.emplace_back([this, ask] { ask (*cache)(); });
        };
        ports.tidy = [this] {
            while (cache->untidy()) {
                REQUIRE_FALSE(cache->tidy().has_value());
            }
        };
        std::optional<Value> told;
        for (const auto& note : journal->start().notes) {
            if (note.key == OrderUpkeep::note_key) {
                told = Value{*note.body};
            }
        }
        upkeep_ = std::make_unique<OrderUpkeep>(OrderUpkeep::Terms{retention, told}, log_, std::move(ports));
    }
    void submit(const Submission& submission) {
        store::JournalBatch written;
        for (const auto& event : submission.events) {
            events.push_back(event);
        }
        for (const auto& note : submission.gate_notes) {
            written.notes.push_back({LaneName{}, note.key, *note.body->get<std::string>()});
        }
        for (const auto& change : submission.usage) {
            written.usage.push_back({change.key, change.to, change.passage, change.place});
        }
        REQUIRE(journal->append(written) == store::StoreOutcome::committed);
    }
    void work() {
        while (!work_.empty()) {
            const auto next = std::move(work_.front());
            work_.pop_front();
            next();
        }
    }

    store::testing::TemporaryDirectory directory_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    Instant instant_{1h};
    std::deque<std::function<void()>> work_;
    std::unique_ptr<OrderUpkeep> upkeep_;
};

}  // namespace

// noon is of 2024-10-04
TEST_CASE("a day later it is told which orders ended unused, once, also over restarts") {
    UpkeepBench bench;
    bench.apply(1, {ending("R-1", noon + 1h), ending("R-2", noon + 2h), ending("R-3", noon + 3h, "active"),
                    ending("used", noon + 1h), ending("taken", noon + 1h), ending("held", noon + 1h, "held"),
                    ending("tomorrow", noon + 12h), ending("watched", noon + 1h, "watch")});
    bench.use(place_of("used"), 1);
    bench.use(place_of("taken"), 2, UsageState::reserved);
    bench.settle();
    CHECK(bench.told().empty());
    bench.pass(11h);
    bench.settle();
    CHECK(bench.told().empty());
    bench.pass(1h);
    bench.step();
    bench.step();
    bench.restart();  // in the middle of the count
    bench.settle();
    CHECK(bench.told() == std::vector<std::string>{"ciq 2024-10-04 3 R-1 R-2 R-3"});
    bench.restart();
    bench.settle();
    CHECK(bench.told().size() == 1);
    bench.pass(24h);
    bench.settle();
    CHECK(bench.told().back() == "ciq 2024-10-05 1 tomorrow");
}

TEST_CASE("each authority has its own count, and a day without any is told as well") {
    UpkeepBench bench;
    bench.authorities = {ciq, Authority{"customs"}};
    bench.apply(1, {ending("R-1", noon + 1h)});
    bench.apply(1, {}, "customs");
    bench.settle();
    bench.pass(12h);
    bench.settle();
    CHECK(bench.told() == std::vector<std::string>{"ciq 2024-10-04 1 R-1", "customs 2024-10-04 0"});
}

TEST_CASE("a gate that was off for days tells of each, and of nothing from before its first") {
    UpkeepBench bench;
    bench.apply(1, {ending("before", noon - 24h), ending("R-1", noon + 1h), ending("R-2", noon + 48h)});
    bench.settle();
    bench.pass(72h);
    bench.restart();
    bench.settle();
    CHECK(bench.told() == std::vector<std::string>{"ciq 2024-10-04 1 R-1", "ciq 2024-10-05 0", "ciq 2024-10-06 1 R-2"});
}

TEST_CASE("of very many that ended unused a hundred are named and all are counted") {
    UpkeepBench bench;
    std::vector<store::OrderChange> changes;
    for (int serial = 0; serial < 230; ++serial) {
        changes.push_back(ending("R-" + std::to_string(serial), noon + 1h, "released", serial));
    }
    bench.apply(1, std::move(changes));
    bench.settle();
    bench.pass(12h);
    bench.settle();
    REQUIRE(bench.events.size() == 1);
    CHECK(*bench.events[0].data.find("count")->get<std::int64_t>() == 230);
    CHECK(bench.events[0].data.find("orders")->get<List>()->size() == OrderUpkeep::most_listed);
}

TEST_CASE("nothing is judged by a clock that is not believed, nor while a batch or a commit is under way") {
    UpkeepBench bench;
    bench.apply(1, {ending("R-1", noon + 1h)});
    bench.settle();
    bench.clock_state = ClockState::holdover;
    bench.pass(24h * 400);
    bench.settle();
    CHECK(bench.told().empty());
    CHECK(bench.has("R-1"));
    bench.clock_state = ClockState::synchronised;
    bench.idle = false;
    bench.settle();
    CHECK(bench.told().empty());
    CHECK(bench.has("R-1"));
}

TEST_CASE("orders that ended are kept as long as the retention says, and not longer") {
    UpkeepBench bench;
    bench.apply(1, {ending("R-1", noon + 1h), ending("forever", std::nullopt, "hold")});
    bench.settle();
    bench.pass(30 * 24h);
    bench.settle();
    CHECK(bench.has("R-1"));
    bench.pass(2h);
    bench.settle();
    CHECK_FALSE(bench.has("R-1"));
    CHECK(bench.has("forever"));
}

TEST_CASE("an order is not taken out before the day on which it ended was told") {
    UpkeepBench bench;
    bench.apply(1, {ending("R-1", noon + 1h)});
    bench.settle();
    bench.pass(24h * 400);
    bench.restart();
    bench.settle();
    CHECK(bench.told().front() == "ciq 2024-10-04 1 R-1");
    CHECK_FALSE(bench.has("R-1"));
}

TEST_CASE("however short the retention, an order is not taken out before the day on which it ended was told") {
    UpkeepBench bench;
    bench.retention = 1h;
    bench.restart();
    bench.apply(1, {ending("R-1", noon + 1h)});
    bench.settle();
    bench.pass(11h);
    bench.settle();
    CHECK(bench.has("R-1"));
    bench.pass(2h);
    bench.settle();
    CHECK(bench.told() == std::vector<std::string>{"ciq 2024-10-04 1 R-1"});
    CHECK_FALSE(bench.has("R-1"));
}

TEST_CASE("a used place is forgotten when its entry is cut and its order is gone, and not before") {
    UpkeepBench bench;
    bench.apply(1, {ending("R-1", noon + 1h), ending("R-2", noon + 24h * 300)});
    bench.use(place_of("R-1"), 1);
    bench.use(place_of("R-2"), 2);
    bench.use(place_of("R-3"), 3, UsageState::reserved);  // an open passage has it, whatever became of its order
    bench.settle();
    SECTION("its entry is there: whoever recomputes that verdict may ask") {
        bench.pass(24h * 40);
        bench.settle();
        CHECK_FALSE(bench.has("R-1"));
        CHECK(bench.places() == 3);
    }
    SECTION("a later passage has used it too, and its entry is there") {
        bench.cut_all();
        bench.use(place_of("R-1"), 5);
        bench.pass(24h * 40);
        bench.settle();
        bench.pass(25h);
        bench.settle();
        const auto left = bench.journal->usage_of({place_of("R-1")});
        REQUIRE(left->size() == 1);
        CHECK(left->front().passage == passage(5));
    }
    SECTION("its order is there: it must not be used twice") {
        bench.cut_all();
        bench.pass(25h);
        bench.settle();
        CHECK(bench.places() == 3);
    }
    SECTION("some batches of that authority are missing: who knows what they say") {
        bench.incomplete = {ciq};
        bench.cut_all();
        bench.pass(24h * 40);
        bench.settle();
        CHECK(bench.places() == 3);
    }
    SECTION("both are gone") {
        bench.cut_all();
        bench.pass(24h * 40);
        bench.settle();
        bench.pass(25h);
        bench.settle();
        CHECK(bench.places() == 2);
        CHECK(bench.journal->usage_of({place_of("R-1")})->empty());
        CHECK(bench.journal->usage_of({place_of("R-2")})->size() == 1);
    }
}

TEST_CASE(
    "a place of a targeting order that acts once lives as long as that order, one of a result as long as it counts") {
    UpkeepBench bench;
    const Authority results{std::string{supervision::result_authority}};
    bench.apply(1, {ending("T-1", noon + 24h * 300, "inspect"), ending("T-2", noon + 1h, "inspect")});
    bench.use(place_of("ciq:T-1", Authority{"targeting"}), 1);
    bench.use(place_of("ciq:T-2", Authority{"targeting"}), 2);
    bench.use(place_of("Z-1", results), 3);
    bench.use(place_of("Z-2", results), 4);
    bench.counting = {"Z-2"};
    bench.settle();
    bench.cut_all();
    bench.pass(24h * 40);
    bench.settle();
    bench.pass(25h);
    bench.settle();
    CHECK(bench.journal->usage_of({place_of("ciq:T-1", Authority{"targeting"})})->size() == 1);
    CHECK(bench.journal->usage_of({place_of("ciq:T-2", Authority{"targeting"})})->empty());
    CHECK(bench.journal->usage_of({place_of("Z-1", results)})->empty());
    CHECK(bench.journal->usage_of({place_of("Z-2", results)})->size() == 1);
}

TEST_CASE("over many generations of orders that are used and end, as many places and orders stay") {
    UpkeepBench bench;
    std::size_t places = 0;
    bench.settle();
    for (int day = 0; day < 90; ++day) {
        const auto order = "R-" + std::to_string(day);
        bench.apply(day + 1, {ending(order, bench.wall + 1h), ending(order + "-unused", bench.wall + 1h)});
        bench.use(place_of(order), static_cast<std::uint8_t>(day));
        bench.cut_all();
        bench.pass(24h);
        bench.settle();
        if (day == 45) {
            places = bench.places();
        }
    }
    CHECK(places >= 30);
    CHECK(bench.places() <= places + 1);
    CHECK(bench.has("R-89"));
    CHECK_FALSE(bench.has("R-45"));
    CHECK(bench.events.size() == 90);
}

}  // namespace portcullis::gate
