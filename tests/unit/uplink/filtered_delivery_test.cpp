// The cursor of a destination that does not want every event: what it passes over, and how a hole still shows.
#include <array>
#include <chrono>
#include <set>
#include <vector>

#include "tests/support/catch.hpp"
#include "uplink/delivery.hpp"
#include "uplink/event_filter.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

const StreamId stream{std::array<std::uint8_t, 16>{1}};
constexpr Instant start{1h};

/// A destination that wants some events, and its consumer: it holds what follows its last without a hole.
class Filtered {
public:
    Filtered(std::set<Sequence> wanted, Sequence last, Sequence acknowledged = 0, DeliveryLimits limits = {})
        : delivery{stream, acknowledged, last, limits}, held_last{acknowledged}, wanted_(std::move(wanted)) {}

    /// Sends and skips until nothing more may go out; the broker takes each at once. Returns what was sent.
    std::vector<Sequence> deliver() {
        std::vector<Sequence> sent;
        for (auto range = delivery.to_publish(); !range.empty(); range = delivery.to_publish()) {
            if (!wanted_.contains(range.from)) {
                REQUIRE(delivery.skipped(range.from));
                continue;
            }
            const auto publication = delivery.published(range.from, start);
            REQUIRE(publication);
            delivery.settled(1);
            previous.push_back(publication->previous);
            sent.push_back(range.from);
        }
        return sent;
    }
    AckOutcome acknowledge(Sequence sequence) { return delivery.acknowledge({stream, sequence, true}, start); }
    void reconnect() {
        delivery.disconnected();
        delivery.connected(1, 100);
        previous.clear();
    }

    Delivery delivery;
    Sequence held_last;
    std::vector<Sequence> previous;

private:
    std::set<Sequence> wanted_;
};

using Sequences = std::vector<Sequence>;

TEST_CASE("Each delivery of a filtered stream names the one before it") {
    Filtered terminal{{2, 5, 9}, 10};
    terminal.delivery.connected(1, 100);
    CHECK(terminal.deliver() == Sequences{2, 5, 9});
    CHECK(terminal.previous == Sequences{0, 2, 5});
}

TEST_CASE("The window counts deliveries, not what the filter leaves out") {
    Filtered terminal{{1, 500, 1000, 5000, 9000}, 10'000, 0, {.ack_window = 3}};
    terminal.delivery.connected(1, 100);
    CHECK(terminal.deliver() == Sequences{1, 500, 1000});
    CHECK(terminal.delivery.window_full());
    REQUIRE(terminal.acknowledge(500) == AckOutcome::advanced);
    CHECK(terminal.deliver() == Sequences{5000, 9000});
}

TEST_CASE("A backlog is not made of events that will never be sent") {
    Filtered terminal{{2, 5}, 10};
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    CHECK(terminal.delivery.backlog() == 9);
    REQUIRE(terminal.acknowledge(2) == AckOutcome::advanced);
    CHECK(terminal.delivery.passed() == 4);
    REQUIRE(terminal.acknowledge(5) == AckOutcome::advanced);
    CHECK(terminal.delivery.backlog() == 0);
    CHECK_FALSE(terminal.delivery.deadline());
    terminal.delivery.journal_grew(1000);
    terminal.deliver();
    CHECK(terminal.delivery.backlog() == 0);
    CHECK(terminal.delivery.acknowledged() == 5);
}

TEST_CASE("After a reconnect the first delivery continues what was acknowledged, without looking again") {
    Filtered terminal{{2, 5, 9}, 10};
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    REQUIRE(terminal.acknowledge(5) == AckOutcome::advanced);
    terminal.reconnect();
    CHECK(terminal.delivery.next() == 9);
    CHECK(terminal.deliver() == Sequences{9});
    CHECK(terminal.previous == Sequences{5});
}

TEST_CASE("A restart looks again from where it was kept that the filter had passed") {
    Filtered terminal{{5, 900}, 1000, 5};
    terminal.delivery.resume_behind(800);
    terminal.delivery.connected(1, 100);
    CHECK(terminal.delivery.next() == 801);
    CHECK(terminal.deliver() == Sequences{900});
    CHECK(terminal.previous == Sequences{5});
}

TEST_CASE("A consumer that asks from its last + 1 sees its last as previous") {
    Filtered terminal{{2, 5, 9}, 10};
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    terminal.previous.clear();
    SECTION("nothing acknowledged") {
        REQUIRE(terminal.delivery.replay(stream, 3, start) == ReplayOutcome::served);
        CHECK(terminal.deliver() == Sequences{5, 9});
        CHECK(terminal.previous == Sequences{2, 5});
    }
    SECTION("that is acknowledged") {
        REQUIRE(terminal.acknowledge(5) == AckOutcome::advanced);
        REQUIRE(terminal.delivery.replay(stream, 6, start) == ReplayOutcome::served);
        CHECK(terminal.deliver() == Sequences{9});
        CHECK(terminal.previous == Sequences{5});
    }
    SECTION("from an older copy") {
        REQUIRE(terminal.acknowledge(9) == AckOutcome::advanced);
        REQUIRE(terminal.delivery.replay(stream, 1, start) == ReplayOutcome::served);
        CHECK(terminal.deliver() == Sequences{2, 5, 9});
        CHECK(terminal.previous == Sequences{0, 2, 5});
        CHECK(terminal.delivery.backlog() == 0);
    }
}

TEST_CASE("A standing acknowledgement repeats what was sent, each behind the same one as before") {
    Filtered terminal{{2, 5, 9}, 10};
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    REQUIRE(terminal.acknowledge(2) == AckOutcome::advanced);
    REQUIRE(terminal.delivery.wake(start + 30s) == Repeat::standing_acknowledgement);
    terminal.previous.clear();
    CHECK(terminal.deliver() == Sequences{5, 9});
    CHECK(terminal.previous == Sequences{2, 5});
}

TEST_CASE("What is gone before it was delivered shows as a hole, and goes on showing") {
    Filtered terminal{{2, 5, 9}, 10, 2};
    CHECK(terminal.delivery.journal_cut(8) == SequenceRange{3, 7});
    CHECK(terminal.delivery.acknowledged() == 2);
    CHECK(terminal.delivery.backlog() == 3);
    terminal.delivery.connected(1, 100);
    CHECK(terminal.deliver() == Sequences{9});
    CHECK(terminal.previous == Sequences{7});
    terminal.previous.clear();
    SECTION("to a consumer that asks again from its last + 1") {
        REQUIRE(terminal.delivery.replay(stream, 3, start) == ReplayOutcome::served);
        CHECK(terminal.deliver() == Sequences{9});
        CHECK(terminal.previous == Sequences{7});
    }
    SECTION("after a reconnect") {
        terminal.reconnect();
        CHECK(terminal.deliver() == Sequences{9});
        CHECK(terminal.previous == Sequences{7});
    }
    SECTION("until it is acknowledged") {
        REQUIRE(terminal.acknowledge(9) == AckOutcome::advanced);
        terminal.delivery.journal_grew(11);
        CHECK(terminal.deliver().empty());
        CHECK(terminal.delivery.backlog() == 0);
    }
}

TEST_CASE("A restart is not told to resume behind what is gone: the hole would be hidden") {
    Filtered terminal{{2, 5, 9}, 10, 2};
    REQUIRE(terminal.delivery.skipped(3));
    CHECK(terminal.delivery.passed_by_filter());
    terminal.delivery.journal_cut(8);
    CHECK_FALSE(terminal.delivery.passed_by_filter());
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    REQUIRE(terminal.acknowledge(9) == AckOutcome::advanced);
    CHECK(terminal.delivery.passed_by_filter());
}

TEST_CASE("What the filter left out may go without a hole") {
    Filtered terminal{{2, 9}, 10, 2};
    terminal.delivery.connected(1, 100);
    terminal.deliver();
    terminal.reconnect();
    CHECK(terminal.delivery.journal_cut(8).empty());
    CHECK(terminal.deliver() == Sequences{9});
    CHECK(terminal.previous == Sequences{2});
}

TEST_CASE("Retention in the middle of a replay of old events shows") {
    Filtered terminal{{1, 2, 3, 4, 5, 6}, 6, 6, {.ack_window = 2}};
    terminal.delivery.connected(1, 100);
    REQUIRE(terminal.delivery.replay(stream, 1, start) == ReplayOutcome::served);
    CHECK(terminal.deliver() == Sequences{1, 2});
    CHECK(terminal.delivery.journal_cut(5).empty());
    terminal.previous.clear();
    CHECK(terminal.deliver() == Sequences{5, 6});
    CHECK(terminal.previous == Sequences{4, 5});
}

TEST_CASE("Deliveries that are gone unacknowledged hold no place in the window and wait for nothing") {
    Filtered terminal{{1, 2, 3, 4}, 4, 0, {.ack_window = 3}};
    terminal.delivery.connected(1, 100);
    REQUIRE(terminal.deliver() == Sequences{1, 2, 3});
    CHECK(terminal.delivery.journal_cut(4) == SequenceRange{1, 3});
    CHECK_FALSE(terminal.delivery.deadline());
    CHECK(terminal.deliver() == Sequences{4});
    CHECK(terminal.previous.back() == 3);
}

TEST_CASE("An acknowledgement of an event that is gone moves nothing and is no forgery") {
    Filtered terminal{{1, 2, 3}, 10, 1};
    terminal.delivery.journal_cut(8);
    CHECK(terminal.delivery.acknowledge({stream, 5, false}, start) == AckOutcome::already_known);
    CHECK(terminal.delivery.acknowledged() == 1);
}

TEST_CASE("Without a connection the filter looks ahead to the first event that waits, and no further") {
    Filtered terminal{{2, 8}, 10, 2};
    auto& delivery = terminal.delivery;
    for (auto range = delivery.to_look_ahead(); range.from < 8; range = delivery.to_look_ahead()) {
        REQUIRE(delivery.skipped(range.from));
    }
    delivery.waits_at(8);
    CHECK(delivery.to_look_ahead().empty());
    CHECK(delivery.backlog() == 3);
    delivery.journal_grew(20);
    CHECK(delivery.to_look_ahead().empty());
    delivery.connected(1, 100);
    CHECK(delivery.to_look_ahead().empty());
    CHECK(terminal.deliver() == Sequences{8});
    CHECK(terminal.previous == Sequences{2});
}

TEST_CASE("Rows read for a cursor that has moved are not skipped") {
    Filtered terminal{{1}, 10};
    terminal.delivery.connected(1, 100);
    CHECK_FALSE(terminal.delivery.skipped(2));
    CHECK(terminal.delivery.skipped(1));
    CHECK_FALSE(terminal.delivery.skipped(1));
}

TEST_CASE("A filter names types, whole groups of them, and lanes with what is wired to them") {
    const EventFilter everything;
    CHECK(everything.passes_all());
    CHECK(everything.passes("lane.light", "lane/in-1"));

    const EventFilter types{{"passage.*", "verdict.issued"}, {}, {}};
    CHECK(types.passes("passage.detected", "lane/in-1"));
    CHECK(types.passes("verdict.issued", "lane/in-1"));
    CHECK_FALSE(types.passes("verdict.superseded", "lane/in-1"));
    CHECK_FALSE(types.passes("passages", "lane/in-1"));

    const EventFilter lanes{{}, {"out-1"}, {"io", "ocr"}};
    CHECK(lanes.passes("lane.light", "lane/out-1"));
    CHECK_FALSE(lanes.passes("lane.light", "lane/out-10"));
    CHECK(lanes.passes("reading.taken", "device/ocr"));
    CHECK_FALSE(lanes.passes("reading.taken", "device/plate"));
    CHECK(lanes.passes("stream.opened", "gate"));
    CHECK_FALSE(lanes.passes_subject("lane/in-1"));
    CHECK(types.passes_subject("lane/in-1"));
}

}  // namespace
}  // namespace portcullis::uplink
