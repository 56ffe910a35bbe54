#include "simulators/central/consumer.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "simulators/central/canonical_json.hpp"
#include "simulators/central/order_office.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/central/gate_events.hpp"

namespace portcullis::central {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;
using Taken = Consumer::Taken;

constexpr Instant start{1h};

const EventSchemas& schemas() {
    static const EventSchemas all{"docs/events"};
    return all;
}

std::string online(std::int64_t last, std::int64_t connection = 1) {
    return R"({"state":"online","stream":")" + stream_text + R"(","connection":)" + std::to_string(connection) +
           R"(,"last":)" + std::to_string(last) + "}";
}

std::int64_t number_in(const std::string& payload, const char* member) {
    return boost::json::parse(payload).at(member).to_number<std::int64_t>();
}

/// A consumer that was handed these events, at once.
Consumer fed(const std::vector<std::string>& events) {
    Consumer consumer{schemas()};
    for (const auto& event : events) {
        consumer.event(event, false, start);
    }
    return consumer;
}

TEST_CASE("Central's record and hash of the published vector are those of an independent program") {
    const auto vector = boost::json::parse(file_text("tests/vectors/event.json"));
    const std::string published{vector.at("published").as_string()};
    const auto event = boost::json::parse(published);
    CHECK(record_of(event, *schemas().personal(event)) == vector.at("record").as_string());
    ChainCheck chain{schemas()};
    CHECK_FALSE(chain.next(published, event));
    CHECK(hex(chain.hash()) == vector.at("hash").as_string());
}

TEST_CASE("Central's envelope is that of an independent program, to the byte") {
    const auto vector = boost::json::parse(file_text("tests/vectors/envelope.json"));
    const auto key = SigningKey::from_hex(std::string{vector.at("seed").as_string()});
    CHECK(key.public_key() == vector.at("public").as_string());
    const auto& envelope = vector.at("envelope");
    const auto payload = payload_of(std::string{envelope.at("payload").as_string()});
    CHECK(hex(sha256(payload)) == vector.at("payload_sha256").as_string());
    CHECK(boost::json::parse(key.envelope(std::string{envelope.at("payloadType").as_string()}, payload)) == envelope);
}

TEST_CASE("Canonical JSON sorts by UTF-16 and escapes no more than it must") {
    const auto value = boost::json::parse(R"({"b":[1,-2],"a":"é\u0001\n\/\"\\","\ud83d\ude00":1,"\ufb33":{}})");
    CHECK(canonical_json(value) == "{\"a\":\"é\\u0001\\n/\\\"\\\\\",\"b\":[1,-2],\"😀\":1,\"\xef\xac\xb3\":{}}");
    CHECK_THROWS(canonical_json(boost::json::parse("1.5")));
    CHECK_THROWS(canonical_json(boost::json::parse("[true]")));
}

TEST_CASE("A stream of every event type, as the gate's own code writes it, is complete and its chain holds") {
    GateEvents gate;
    const auto report = fed(gate.write(200)).report();
    CAPTURE(report.first_error);
    CHECK(report.chain_ok);
    CHECK(report.last == 200);
    CHECK(report.events == 200);
    CHECK(report.gaps == 0);
    CHECK(report.holes == 0);
    CHECK(report.duplicates_ignored == 0);
    CHECK(report.reordered == 0);
}

TEST_CASE("The gap check fails when an event is dropped for good") {
    GateEvents gate;
    auto events = gate.write(5);
    events.erase(events.begin() + 2);
    const auto report = fed(events).report();
    CHECK(report.last == 2);
    CHECK(report.gaps == 3);
    CHECK(report.holes == 2);
}

TEST_CASE("The gap check fails when the newest events never come, once the gate has told of them") {
    GateEvents gate;
    auto consumer = fed(gate.write(2));
    consumer.status(online(4), start);
    CHECK(consumer.report().gaps == 2);
}

TEST_CASE("Two events swapped are a hole, and the second is reordered") {
    GateEvents gate;
    auto events = gate.write(4);
    std::swap(events[1], events[2]);
    auto consumer = fed(events);
    CHECK(consumer.report().holes >= 1);
    CHECK(consumer.report().reordered == 1);
    CHECK(consumer.report().last == 2);
}

TEST_CASE("What is sent again after a hole is not reordered, and fills it") {
    GateEvents gate;
    const auto events = gate.write(4);
    Consumer consumer{schemas()};
    CHECK(consumer.event(events[0], false, start) == Taken::stored);
    CHECK(consumer.event(events[3], false, start) == Taken::too_early);
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(consumer.event(events[i], true, start) == Taken::stored);
    }
    const auto report = consumer.report();
    CHECK(report.gaps == 0);
    CHECK(report.reordered == 0);
    CHECK(report.chain_ok);
}

TEST_CASE("The chain check fails when one byte of any event has changed") {
    GateEvents gate;
    const auto original = gate.write(4);
    for (const auto* place : {R"("subject":")", R"("monotonicns":")", R"("time":")"}) {
        CAPTURE(place);
        auto events = original;
        auto& byte = events[1].at(events[1].find(place) + std::string_view{place}.size());
        byte = byte == '1' ? '2' : '1';
        const auto report = fed(events).report();
        CHECK_FALSE(report.chain_ok);
        CHECK_FALSE(report.first_error.empty());
    }
}

TEST_CASE("The chain check fails on bytes that are not canonical") {
    GateEvents gate;
    auto events = gate.write(1);
    events[0].insert(1, " ");
    CHECK_FALSE(fed(events).report().chain_ok);
}

TEST_CASE("The chain check fails when an event is left out and those after it are numbered down") {
    GateEvents gate;
    auto events = gate.write(3);
    const std::string third = "00000000000000000003";
    for (auto at = events[2].find(third); at != std::string::npos; at = events[2].find(third)) {
        events[2].replace(at, third.size(), "00000000000000000002");
    }
    events.erase(events.begin() + 1);
    const auto report = fed(events).report();
    CHECK_FALSE(report.chain_ok);
    CHECK_THAT(report.first_error, contains_text("event 2"));
}

TEST_CASE("A known sequence with other bytes is a fork") {
    GateEvents gate;
    const auto events = gate.write(2);
    auto consumer = fed(events);
    CHECK(consumer.event(events[0], true, start) == Taken::known);
    CHECK(consumer.report().chain_ok);
    auto other = events[0];
    other.back() = ' ';
    CHECK(consumer.event(other + "}", true, start) == Taken::known);
    CHECK_FALSE(consumer.report().chain_ok);
    CHECK_THAT(consumer.report().first_error, contains_text("fork"));
    CHECK(consumer.report().duplicates_ignored == 2);
}

TEST_CASE("An erased event is no fork, whether it is known or comes first in that form") {
    GateEvents gate;
    const auto events = gate.write(60);
    auto consumer = fed(events);
    for (const auto& event : events) {
        CHECK(consumer.event(gate.erased(event), true, start) == Taken::known);
    }
    CHECK(consumer.report().first_error == "");
    CHECK(consumer.events(1).front() == gate.erased(events.front()));

    auto erased = events;
    for (std::size_t i = 0; i < erased.size(); i += 2) {
        erased[i] = gate.erased(erased[i]);
    }
    CHECK(fed(erased).report().first_error == "");
}

TEST_CASE("An erased event that says something else is a fork") {
    GateEvents gate;
    const auto events = gate.write(2);
    auto consumer = fed(events);
    auto other = gate.erased(events[0]);
    const auto lane = other.find("\"subject\":\"") + 11;
    other[lane] = other[lane] == 'x' ? 'y' : 'x';
    CHECK(consumer.event(other, true, start) == Taken::known);
    CHECK_THAT(consumer.report().first_error, contains_text("fork"));
}

TEST_CASE("What is no event is told and changes nothing else") {
    Consumer consumer{schemas()};
    for (const auto* bytes : {"", "{}", "[1]", R"({"stream":"a","sequence":1})", "\xff"}) {
        CHECK(consumer.event(bytes, false, start) == Taken::broken);
    }
    CHECK_FALSE(consumer.report().chain_ok);
    CHECK(consumer.report().events == 0);
    CHECK_FALSE(consumer.deadline());
}

TEST_CASE("Central acknowledges within a second, and at once when a hundred events wait") {
    GateEvents gate;
    const auto events = gate.write(101);
    Consumer consumer{schemas()};
    consumer.event(events[0], false, start);
    CHECK(consumer.deadline() == start + 1s);
    CHECK_FALSE(consumer.due(start + 999ms).ack);
    const auto ack = consumer.due(start + 1s).ack;
    REQUIRE(ack);
    CHECK(number_in(*ack, "sequence") == 1);
    CHECK(boost::json::parse(*ack).at("sha256").as_string() == hex(sha256(events[0])));
    for (std::size_t i = 1; i <= 100; ++i) {
        consumer.event(events[i], false, start + 2s);
    }
    const auto hundred = consumer.due(start + 2s).ack;
    REQUIRE(hundred);
    CHECK(number_in(*hundred, "sequence") == 101);
    CHECK_FALSE(consumer.deadline());
}

TEST_CASE("Central acknowledges again on a birth, and on an event that it has") {
    GateEvents gate;
    const auto events = gate.write(2);
    auto consumer = fed(events);
    REQUIRE(consumer.due(start + 1s).ack);
    consumer.status(online(2, 2), start + 2s);
    CHECK(consumer.due(start + 2s).ack);
    consumer.event(events[0], true, start + 3s);
    CHECK(consumer.due(start + 3s + 100ms).ack);
}

TEST_CASE("Central asks for a replay at a hole, and again every five seconds while it stands") {
    GateEvents gate;
    const auto events = gate.write(5);
    Consumer consumer{schemas()};
    consumer.event(events[0], false, start);
    consumer.event(events[2], false, start);
    const auto replay = consumer.due(start).replay;
    REQUIRE(replay);
    CHECK(number_in(*replay, "from") == 2);
    consumer.event(events[3], false, start + 1s);
    CHECK_FALSE(consumer.due(start + 4s).replay);
    CHECK(consumer.due(start + 5s).replay);
    CHECK(consumer.report().replays_asked == 2);
    for (std::size_t i = 1; i < 4; ++i) {
        consumer.event(events[i], true, start + 6s);
    }
    REQUIRE(consumer.due(start + 7s).ack);
    CHECK_FALSE(consumer.deadline());
}

TEST_CASE("A gate that tells of events which do not come is asked for them") {
    Consumer consumer{schemas()};
    consumer.status(online(3), start);
    CHECK_FALSE(consumer.due(start + 4s).replay);
    const auto replay = consumer.due(start + 5s).replay;
    REQUIRE(replay);
    CHECK(number_in(*replay, "from") == 1);
}

TEST_CASE("A broker that forgot central's session may have dropped events: they are asked for") {
    GateEvents gate;
    auto consumer = fed(gate.write(3));
    consumer.connected(true, start);
    CHECK_FALSE(consumer.due(start).replay);
    consumer.connected(false, start);
    const auto replay = consumer.due(start).replay;
    REQUIRE(replay);
    CHECK(number_in(*replay, "from") == 4);
    CHECK_FALSE(consumer.due(start + 1h).replay);
}

TEST_CASE("The late will of an older connection does not put the gate offline") {
    Consumer consumer{schemas()};
    consumer.status(online(0, 5), start);
    consumer.status(R"({"state":"offline","stream":")" + stream_text + R"(","connection":4})", start);
    CHECK(consumer.report().gate_online);
    consumer.status(R"({"state":"offline","stream":")" + stream_text + R"(","connection":5})", start);
    CHECK_FALSE(consumer.report().gate_online);
}

TEST_CASE("Batches are numbered and chained for each authority, and sent again as the same bytes") {
    OrderOffice office{SigningKey::from_hex(std::string(64, '1')), "xmht"};
    const auto issue = [&](const std::string& authority) {
        return office.issue({authority, {R"({"op":"revoke","order":"R-1"})"}, WallTime{}, WallTime{} + 1h, {"*"}});
    };
    const auto first = issue("ciq");
    const auto second = issue("ciq");
    issue("terminal");
    CHECK(office.from("ciq", 1) == std::vector<std::string>{first, second});
    CHECK(office.from("ciq", 2) == std::vector<std::string>{second});
    CHECK(office.from("ciq", 3).empty());
    CHECK(office.from("customs", 1).empty());
    const auto payload = [](const std::string& envelope) {
        return payload_of(std::string{boost::json::parse(envelope).at("payload").as_string()});
    };
    CHECK(number_in(payload(second), "number") == 2);
    CHECK(boost::json::parse(payload(second)).at("previous").as_string() == hex(sha256(payload(first))));

    OrderOffice again{SigningKey::from_hex(std::string(64, '1')), "xmht"};
    again.take_over(first);
    CHECK_THROWS(again.take_over(first));
    again.take_over(second);
    CHECK(again.from("ciq", 1) == office.from("ciq", 1));
    CHECK_THROWS(office.issue({"ciq", {"no object"}, WallTime{}, WallTime{}, {"*"}}));
}

}  // namespace
}  // namespace portcullis::central
