#include "uplink/delivery.hpp"

#include <array>
#include <chrono>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

StreamId stream_numbered(std::uint8_t number) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.back() = number;
    return StreamId{bytes};
}

const StreamId our_stream = stream_numbered(1);
const StreamId foreign_stream = stream_numbered(2);
constexpr Instant start{1h};

Acknowledgement ack_of(Sequence sequence) {
    return {our_stream, sequence, true};
}

/// Publishes all that may go out now and returns it.
std::vector<Sequence> publish_all(Delivery& delivery, Instant now = start) {
    std::vector<Sequence> sent;
    for (auto range = delivery.to_publish(); !range.empty(); range = delivery.to_publish()) {
        REQUIRE(delivery.published(range.from, now));
        sent.push_back(range.from);
    }
    return sent;
}

/// The same, and the broker takes each at once.
std::vector<Sequence> deliver_all(Delivery& delivery, Instant now = start) {
    std::vector<Sequence> sent;
    for (auto range = delivery.to_publish(); !range.empty(); range = delivery.to_publish()) {
        REQUIRE(delivery.published(range.from, now));
        delivery.settled(1);
        sent.push_back(range.from);
    }
    return sent;
}

std::vector<Sequence> sequences(Sequence from, Sequence to) {
    std::vector<Sequence> all;
    for (auto sequence = from; sequence <= to; ++sequence) {
        all.push_back(sequence);
    }
    return all;
}

TEST_CASE("Nothing is published without a connection") {
    Delivery delivery{our_stream, 0, 5};
    CHECK(delivery.to_publish().empty());
    CHECK_FALSE(delivery.published(1, start));
    delivery.connected(1, 100);
    CHECK(delivery.to_publish() == SequenceRange{1, 5});
    delivery.disconnected();
    CHECK(delivery.to_publish().empty());
    CHECK_FALSE(delivery.deadline());
}

TEST_CASE("A cursor outside its journal is a programming error") {
    CHECK_THROWS(Delivery(our_stream, 6, 5));
    CHECK_THROWS(Delivery(our_stream, -1, 5));
}

TEST_CASE("Every connection starts at acknowledged + 1, in order") {
    Delivery delivery{our_stream, 3, 8};
    delivery.connected(1, 100);
    CHECK(publish_all(delivery) == sequences(4, 8));
    REQUIRE(delivery.acknowledge(ack_of(5), start) == AckOutcome::advanced);
    delivery.disconnected();
    delivery.connected(2, 100);
    CHECK(publish_all(delivery) == sequences(6, 8));
}

TEST_CASE("Each publication names the one before it and whether it went out before") {
    Delivery delivery{our_stream, 0, 2};
    delivery.connected(1, 100);
    CHECK(delivery.published(1, start) == Publication{0, false});
    CHECK(delivery.published(2, start) == Publication{1, false});
    delivery.journal_grew(3);
    delivery.connected(2, 100);
    CHECK(delivery.published(1, start) == Publication{0, true});
    CHECK(delivery.published(2, start) == Publication{1, true});
    CHECK(delivery.published(3, start) == Publication{2, false});
}

TEST_CASE("Only the next event can be published: rows read for an older cursor are dropped") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    CHECK_FALSE(delivery.published(2, start));
    REQUIRE(delivery.published(1, start));
    CHECK_FALSE(delivery.published(1, start));
    CHECK_FALSE(delivery.published(0, start));
    CHECK(delivery.next() == 2);
    CHECK(delivery.in_flight() == 1);
}

TEST_CASE("In flight never exceeds 100, nor the broker's Receive Maximum") {
    const auto [receive_maximum, window] =
        GENERATE(table<std::int64_t, Sequence>({{65'535, 100}, {100, 100}, {20, 20}, {1, 1}, {0, 1}}));
    Delivery delivery{our_stream, 0, 500};
    delivery.connected(1, receive_maximum);
    CHECK(publish_all(delivery) == sequences(1, window));
    CHECK(delivery.in_flight() == window);
    delivery.settled(1);
    CHECK(publish_all(delivery) == sequences(window + 1, window + 1));
}

TEST_CASE("Other publications share the broker's Receive Maximum") {
    Delivery delivery{our_stream, 0, 500};
    delivery.connected(1, 20);
    CHECK(delivery.to_publish(5) == SequenceRange{1, 15});
    CHECK(delivery.to_publish(20).empty());
    CHECK(delivery.to_publish(30).empty());
    CHECK_FALSE(delivery.published(1, start, 20));
}

TEST_CASE("A settlement of an older connection gains no room") {
    Delivery delivery{our_stream, 0, 50};
    delivery.connected(1, 2);
    CHECK(publish_all(delivery) == sequences(1, 2));
    delivery.disconnected();
    delivery.settled(1);
    delivery.connected(2, 2);
    CHECK(publish_all(delivery) == sequences(1, 2));
    delivery.settled(1);
    CHECK(delivery.to_publish().empty());
    delivery.settled(2);
    CHECK(delivery.to_publish() == SequenceRange{3, 3});
}

TEST_CASE("More settlements than publications do not widen the window") {
    Delivery delivery{our_stream, 0, 50};
    delivery.connected(1, 10);
    delivery.settled(1);
    CHECK(publish_all(delivery).size() == 10);
}

TEST_CASE("Publishing runs at most ack_window ahead of the consumer, whatever the broker took") {
    Delivery delivery{our_stream, 0, 5000};
    delivery.connected(1, 100);
    CHECK(deliver_all(delivery) == sequences(1, 1000));
    REQUIRE(delivery.acknowledge(ack_of(250), start) == AckOutcome::advanced);
    CHECK(deliver_all(delivery) == sequences(1001, 1250));
}

TEST_CASE("New events go out as the journal grows, and it never shrinks") {
    Delivery delivery{our_stream, 0, 0};
    delivery.connected(1, 100);
    CHECK(delivery.to_publish().empty());
    delivery.journal_grew(2);
    CHECK(deliver_all(delivery) == sequences(1, 2));
    delivery.journal_grew(1);
    CHECK(delivery.last() == 2);
    CHECK(delivery.backlog() == 2);
}

TEST_CASE("An acknowledgement below what is known is ignored, and never lowers it") {
    Delivery delivery{our_stream, 4, 10};
    delivery.connected(1, 100);
    for (const Sequence sequence : {4, 3, 0}) {
        CHECK(delivery.acknowledge({our_stream, sequence, false}, start) == AckOutcome::already_known);
    }
    CHECK(delivery.acknowledged() == 4);
}

TEST_CASE("An acknowledgement of a fork or a forgery is refused and moves nothing") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    publish_all(delivery);
    CHECK(delivery.acknowledge(ack_of(11), start) == AckOutcome::beyond_last);
    CHECK(delivery.acknowledge({our_stream, 5, false}, start) == AckOutcome::other_bytes);
    CHECK(delivery.acknowledge({foreign_stream, 5, true}, start) == AckOutcome::other_stream);
    CHECK(delivery.acknowledged() == 0);
    CHECK(delivery.acknowledge(ack_of(10), start) == AckOutcome::advanced);
    CHECK(delivery.backlog() == 0);
}

TEST_CASE("What a consumer has from the process before this one is not sent again") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    REQUIRE(delivery.published(1, start));
    CHECK(delivery.acknowledge(ack_of(7), start) == AckOutcome::advanced);
    CHECK(delivery.to_publish() == SequenceRange{8, 10});
}

TEST_CASE("A standing acknowledgement makes publishing start again, the pause doubling to ten minutes") {
    Delivery delivery{our_stream, 2, 5};
    delivery.connected(1, 100);
    auto now = start;
    REQUIRE(deliver_all(delivery, now) == sequences(3, 5));
    for (const auto pause : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
        REQUIRE(delivery.deadline() == now + pause);
        CHECK(delivery.wake(now + pause - 1ns) == Repeat::none);
        now += pause;
        REQUIRE(delivery.wake(now) == Repeat::standing_acknowledgement);
        CHECK(deliver_all(delivery, now) == sequences(3, 5));
    }
    REQUIRE(delivery.acknowledge(ack_of(4), now) == AckOutcome::advanced);
    CHECK(delivery.deadline() == now + 30s);
}

TEST_CASE("An acknowledgement of everything sent leaves nothing to wait for") {
    Delivery delivery{our_stream, 0, 3};
    delivery.connected(1, 100);
    deliver_all(delivery);
    REQUIRE(delivery.acknowledge(ack_of(3), start + 29s) == AckOutcome::advanced);
    CHECK_FALSE(delivery.deadline());
    CHECK(delivery.wake(start + 1h) == Repeat::none);
    delivery.journal_grew(4);
    deliver_all(delivery, start + 2h);
    CHECK(delivery.deadline() == start + 2h + 30s);
}

TEST_CASE("Progress of the consumer moves the deadline, a repeated acknowledgement does not") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    deliver_all(delivery);
    REQUIRE(delivery.acknowledge(ack_of(1), start + 20s) == AckOutcome::advanced);
    CHECK(delivery.deadline() == start + 50s);
    REQUIRE(delivery.acknowledge(ack_of(1), start + 40s) == AckOutcome::already_known);
    CHECK(delivery.deadline() == start + 50s);
    REQUIRE(delivery.wake(start + 50s) == Repeat::standing_acknowledgement);
    CHECK(delivery.to_publish() == SequenceRange{2, 10});
}

TEST_CASE("Publications that still wait for their PUBACK hold their room when publishing starts again") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 4);
    REQUIRE(publish_all(delivery) == sequences(1, 4));
    REQUIRE(delivery.wake(start + 30s) == Repeat::standing_acknowledgement);
    CHECK(delivery.to_publish().empty());
    delivery.settled(1);
    CHECK(delivery.to_publish() == SequenceRange{1, 1});
}

TEST_CASE("A replay starts again where the consumer asks") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    deliver_all(delivery);
    CHECK(delivery.replay(our_stream, 4, start) == ReplayOutcome::served);
    CHECK(delivery.published(4, start) == Publication{3, true});
    CHECK(delivery.to_publish() == SequenceRange{5, 10});
}

TEST_CASE("At most one replay in five seconds, and the newest that waits is served then") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    deliver_all(delivery);
    REQUIRE(delivery.replay(our_stream, 4, start) == ReplayOutcome::served);
    deliver_all(delivery);
    CHECK(delivery.replay(our_stream, 5, start + 1s) == ReplayOutcome::deferred);
    CHECK(delivery.replay(our_stream, 6, start + 2s) == ReplayOutcome::deferred);
    CHECK(delivery.to_publish().empty());
    REQUIRE(delivery.deadline() == start + 5s);
    CHECK(delivery.wake(start + 4s) == Repeat::none);
    CHECK(delivery.wake(start + 5s) == Repeat::replay);
    CHECK(delivery.to_publish() == SequenceRange{6, 10});
}

TEST_CASE("A replay never skips ahead, and one from beyond the journal or of another stream is refused") {
    Delivery delivery{our_stream, 0, 200};
    delivery.connected(1, 10);
    REQUIRE(publish_all(delivery) == sequences(1, 10));
    CHECK(delivery.replay(our_stream, 11, start) == ReplayOutcome::nothing_to_repeat);
    CHECK(delivery.replay(our_stream, 150, start) == ReplayOutcome::nothing_to_repeat);
    CHECK(delivery.replay(our_stream, 0, start) == ReplayOutcome::nothing_to_repeat);
    CHECK(delivery.replay(our_stream, 202, start) == ReplayOutcome::beyond_last);
    CHECK(delivery.replay(foreign_stream, 1, start) == ReplayOutcome::other_stream);
    CHECK(delivery.next() == 11);
}

TEST_CASE("A consumer restored from an old copy replays old events within the ack window, and loses no ground") {
    Delivery delivery{our_stream, 5000, 6000};
    delivery.connected(1, 100);
    REQUIRE(delivery.replay(our_stream, 1, start) == ReplayOutcome::served);
    CHECK(deliver_all(delivery) == sequences(1, 1000));
    CHECK(delivery.acknowledged() == 5000);
    REQUIRE(delivery.acknowledge({our_stream, 400, false}, start + 3s) == AckOutcome::already_known);
    CHECK(deliver_all(delivery) == sequences(1001, 1400));
    REQUIRE(delivery.wake(start + 33s) == Repeat::standing_acknowledgement);
    CHECK(delivery.next() == 401);
}

TEST_CASE("A replay that waited is forgotten with its connection, and when there is nothing left to repeat") {
    Delivery delivery{our_stream, 0, 10};
    delivery.connected(1, 100);
    deliver_all(delivery);
    REQUIRE(delivery.replay(our_stream, 9, start) == ReplayOutcome::served);
    REQUIRE(delivery.replay(our_stream, 8, start + 1s) == ReplayOutcome::deferred);
    SECTION("connection") {
        delivery.disconnected();
        delivery.connected(2, 100);
    }
    SECTION("nothing left") {
        delivery.connected(2, 100);
        REQUIRE(delivery.replay(our_stream, 1, start + 1s) == ReplayOutcome::nothing_to_repeat);
    }
    CHECK(delivery.wake(start + 6s) == Repeat::none);
    CHECK(delivery.next() == 1);
}

}  // namespace
}  // namespace portcullis::uplink
