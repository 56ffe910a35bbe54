#include "gate/journal_desk.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "codec/event_schemas.hpp"
#include "tests/support/catch.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::StoreOutcome;

Event event_of(std::int64_t number, std::optional<EventToken> token = std::nullopt) {
    return {"order.gap", "gate", {}, Object{{"authority", "ciq"}, {"from", number}, {"to", number}}, token};
}

/// A desk over a journal that answers when the test says so.
struct DeskBench {
    codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    codec::EventWriter events{catalogue, trust::hmac_sha256};
    JournalWriter writer{
        events, {"/portcullis/xmht/g07", {}, {}, 0, {}}, [] { return std::array<std::uint8_t, 16>{}; }};
    Now now;
    std::optional<Instant> alarm;
    std::deque<std::pair<store::JournalBatch, std::function<void(StoreOutcome)>>> asked;
    std::vector<bool> outages;
    std::int64_t durable = 0;
    std::string fatal;
    std::int64_t every = 1'000'000;
    std::vector<std::int64_t> heads;
    JournalDesk desk{writer,
                     {[this](store::JournalBatch batch, std::function<void(StoreOutcome)> done) {
                          asked.emplace_back(std::move(batch), std::move(done));
                      },
                      [this](std::optional<Instant> at) { alarm = at; }, [this] { return now; },
                      [this](bool lost) { outages.push_back(lost); }, [this](std::int64_t last) { durable = last; },
                      [this](const std::string& why) { fatal = why; },
                      [this](std::int64_t sequence, const Hash256&, bool closing) {
                          const auto newest = heads.empty() ? 0 : heads.back();
                          return closing || sequence - newest >= every ? std::optional{store::HeadRow{sequence, {}, {}}}
                                                                       : std::nullopt;
                      },
                      [this](const store::HeadRow& head) { heads.push_back(head.sequence); }}};

    void submit(std::int64_t number, bool urgent, std::function<void()> committed = {}) {
        Submission submission;
        submission.events.push_back(event_of(number));
        submission.urgent = urgent;
        submission.committed = std::move(committed);
        desk.submit(std::move(submission));
    }
    void answer(StoreOutcome outcome) {
        const auto done = std::move(asked.front().second);
        asked.pop_front();
        done(outcome);
    }
    void ring() {
        REQUIRE(alarm);
        now.instant = *alarm;
        desk.wake();
    }
};

}  // namespace

TEST_CASE("readings linger and travel with the verdict that follows them, in one transaction") {
    DeskBench bench;
    bench.submit(1, false);
    CHECK(bench.asked.empty());
    CHECK(bench.alarm == Instant{} + JournalDesk::linger);
    bool committed = false;
    bench.submit(2, true, [&] { committed = true; });
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().first.events.size() == 2);
    CHECK_FALSE(committed);
    bench.answer(StoreOutcome::committed);
    CHECK(committed);
    CHECK(bench.durable == 2);
    CHECK(bench.desk.idle());
}

TEST_CASE("what lingers is committed when its time is over, urgent or not") {
    DeskBench bench;
    bench.submit(1, false);
    bench.ring();
    CHECK(bench.asked.size() == 1);
}

TEST_CASE("one transaction is under way at a time, and what came meanwhile goes together after it") {
    DeskBench bench;
    bench.submit(1, true);
    bench.submit(2, true);
    bench.submit(3, true);
    REQUIRE(bench.asked.size() == 1);
    bench.answer(StoreOutcome::committed);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().first.events.size() == 2);
}

TEST_CASE("a full disk loses nothing, keeps the order, tells the lanes, and is recorded with what came meanwhile") {
    DeskBench bench;
    int committed = 0;
    bench.submit(1, true, [&] { ++committed; });
    const auto first_bytes = bench.asked.front().first.events.front().published;
    bench.answer(StoreOutcome::full);
    CHECK(bench.outages == std::vector{true});
    bench.submit(2, true, [&] { ++committed; });
    bench.desk.count_detection();
    CHECK(bench.asked.empty());
    bench.ring();
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().first.events.front().published == first_bytes);
    bench.answer(StoreOutcome::full);
    CHECK(committed == 0);
    bench.ring();
    bench.answer(StoreOutcome::committed);
    CHECK(committed == 2);
    CHECK(bench.outages == std::vector{true, false});
    REQUIRE(bench.asked.size() == 1);
    const auto& told = bench.asked.front().first.events.front();
    CHECK(told.type == "journal.outage");
    CHECK(told.published.find("\"detections\":1") != std::string::npos);
    CHECK(told.sequence == 3);
}

TEST_CASE("while the ballast is given away the journal writes, and lanes stay out of service until it is whole") {
    DeskBench bench;
    int committed = 0;
    bench.submit(1, true, [&] { ++committed; });
    bench.desk.set_reserve(false);
    bench.answer(StoreOutcome::committed);
    CHECK(committed == 1);
    CHECK(bench.outages == std::vector{true});
    bench.submit(2, true, [&] { ++committed; });
    bench.answer(StoreOutcome::committed);
    CHECK(committed == 2);
    CHECK(bench.outages == std::vector{true});
    CHECK(bench.desk.in_outage());
    bench.desk.set_reserve(true);
    CHECK(bench.outages == std::vector{true, false});
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().first.events.front().type == "journal.outage");
}

TEST_CASE("a ballast that is back ends no outage while the last batch could not be written") {
    DeskBench bench;
    bench.submit(1, true);
    bench.answer(StoreOutcome::full);
    bench.desk.set_reserve(false);
    bench.desk.set_reserve(true);
    CHECK(bench.outages == std::vector{true});
    bench.ring();
    bench.answer(StoreOutcome::committed);
    CHECK(bench.outages == std::vector{true, false});
}

TEST_CASE("a head is committed with the entry that it signs, and counts once it is durable") {
    DeskBench bench;
    bench.every = 2;
    bench.submit(1, true);
    CHECK(bench.asked.front().first.heads.empty());
    bench.answer(StoreOutcome::committed);
    bench.submit(2, true);
    REQUIRE(bench.asked.front().first.heads.size() == 1);
    CHECK(bench.asked.front().first.heads.front().sequence == 2);
    CHECK(bench.heads.empty());
    bench.answer(StoreOutcome::full);
    CHECK(bench.heads.empty());
    bench.ring();
    REQUIRE(bench.asked.front().first.heads.size() == 1);
    bench.answer(StoreOutcome::committed);
    CHECK(bench.heads == std::vector<std::int64_t>{2});
}

TEST_CASE("the last entry of an ordered stop has a head") {
    DeskBench bench;
    Submission last;
    last.events.push_back(event_of(1));
    last.clean_stop = true;
    last.urgent = true;
    bench.desk.submit(std::move(last));
    REQUIRE(bench.asked.front().first.heads.size() == 1);
    CHECK(bench.asked.front().first.heads.front().sequence == 1);
}

TEST_CASE("a quiet gate seals its newest entry when a head is due, once, and not beside a commit") {
    DeskBench bench;
    bench.desk.seal();
    CHECK(bench.asked.empty());
    bench.submit(1, true);
    bench.every = 1;
    bench.desk.seal();
    CHECK(bench.asked.size() == 1);
    bench.answer(StoreOutcome::committed);
    bench.desk.seal();
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().first.events.empty());
    REQUIRE(bench.asked.front().first.heads.size() == 1);
    bench.answer(StoreOutcome::committed);
    CHECK(bench.heads == std::vector<std::int64_t>{1});
    bench.desk.seal();
    CHECK(bench.asked.empty());
}

TEST_CASE("after a clean stop nothing is written, and nobody is told that it was") {
    DeskBench bench;
    Submission last;
    last.events.push_back(event_of(1));
    last.clean_stop = true;
    last.urgent = true;
    bool closed = false;
    last.committed = [&] { closed = true; };
    bench.desk.submit(std::move(last));
    bool committed = false;
    bench.submit(2, true, [&] { committed = true; });
    bench.answer(StoreOutcome::committed);
    CHECK(closed);
    CHECK_FALSE(committed);
    CHECK(bench.asked.empty());
    CHECK(bench.desk.idle());
    CHECK(bench.durable == 1);
}

TEST_CASE("a commit whose outcome is unknown stops the process and answers nobody") {
    DeskBench bench;
    bool committed = false;
    bench.submit(1, true, [&] { committed = true; });
    bench.answer(StoreOutcome::unknown);
    CHECK_FALSE(bench.fatal.empty());
    CHECK_FALSE(committed);
}

TEST_CASE("a queue that would grow without end stops the process instead of forgetting") {
    DeskBench bench;
    bench.submit(0, true);
    for (std::size_t i = 0; i <= JournalDesk::most_waiting; ++i) {
        bench.submit(static_cast<std::int64_t>(i), false);
    }
    CHECK_FALSE(bench.fatal.empty());
}

TEST_CASE("an event may name another's sequence before either has one, also of the same transaction") {
    DeskBench bench;
    Submission submission;
    submission.events.push_back(event_of(1, EventToken{7}));
    auto second = event_of(2);
    second.data = Object{{"authority", "ciq"}, {"from", EventToken{7}}, {"to", 9}};
    submission.events.push_back(second);
    submission.urgent = true;
    bench.desk.submit(std::move(submission));
    const auto& events = bench.asked.front().first.events;
    CHECK(events[1].published.find("\"from\":1") != std::string::npos);
    CHECK(events[1].hash == bench.writer.position().hash);
    CHECK(events[1].hash != events[0].hash);
}

TEST_CASE("an event that docs/events does not know is a programming error") {
    DeskBench bench;
    Submission submission;
    submission.events.push_back({"no.such", "gate", {}, Object{}, std::nullopt});
    CHECK_THROWS_AS(bench.desk.submit(std::move(submission)), std::logic_error);
}

}  // namespace portcullis::gate
