#include <chrono>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "uplink/backoff.hpp"
#include "uplink/link_watch.hpp"
#include "uplink/messages.hpp"
#include "uplink/order_requests.hpp"
#include "uplink/refusal_log.hpp"
#include "uplink/state_board.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1h};
const std::string stream_text = "000102030405060708090a0b0c0d0e0f";
const std::string digest_text(64, 'a');

std::string ack_text(const std::string& stream, const std::string& sequence, const std::string& digest) {
    return R"({"stream":")" + stream + R"(","sequence":)" + sequence + R"(,"sha256":")" + digest + R"("})";
}

TEST_CASE("An ack is read whole") {
    const auto ack = read_ack(ack_text(stream_text, "1042", digest_text));
    REQUIRE(ack);
    CHECK(ack->stream.text() == stream_text);
    CHECK(ack->sequence == 1042);
    REQUIRE(ack->sha256);
    CHECK(hex_text(*ack->sha256) == digest_text);
}

TEST_CASE("An ack of any other form is refused with its cause") {
    const auto [text, cause] = GENERATE_COPY(table<std::string, InboundCause>({
        {"", InboundCause::not_json},
        {"{", InboundCause::not_json},
        {"[]", InboundCause::not_json},
        {"\xff\xfe", InboundCause::not_utf8},
        {std::string(longest_control_message + 1, ' '), InboundCause::too_large},
        {ack_text("0001", "1", digest_text), InboundCause::not_json},
        {ack_text(stream_text, "-1", digest_text), InboundCause::not_json},
        {ack_text(stream_text, "1.5", digest_text), InboundCause::not_json},
        {ack_text(stream_text, "9007199254740993", digest_text), InboundCause::not_json},
        {ack_text(stream_text, "\"1\"", digest_text), InboundCause::not_json},
        {ack_text(stream_text, "1", "abc"), InboundCause::not_json},
        {R"({"stream":")" + stream_text + R"("})", InboundCause::not_json},
        {R"({"stream":")" + stream_text + R"(","sequence":1,"sha256":1})", InboundCause::not_json},
        {R"({"stream":")" + stream_text + R"(","sequence":1,"sha":2})", InboundCause::not_json},
        {R"({"stream":")" + stream_text + R"(","sequence":1,"sequence":2,"sha256":")" + digest_text + R"("})",
         InboundCause::not_json},
        {R"({"stream":")" + stream_text + R"(","sequence":1,"extra":2,"sha256":")" + digest_text + R"("})",
         InboundCause::not_json},
    }));
    CAPTURE(text);
    const auto ack = read_ack(text);
    REQUIRE_FALSE(ack);
    CHECK(ack.error().cause == cause);
    CHECK_FALSE(ack.error().detail.empty());
}

TEST_CASE("A consumer that sees redacted events may leave the hash out of its ack") {
    const auto ack = read_ack(R"({"stream":")" + stream_text + R"(","sequence":7})");
    REQUIRE(ack);
    CHECK(ack->sequence == 7);
    CHECK_FALSE(ack->sha256);
}

TEST_CASE("A replay names a stream and a sequence from 1 on") {
    const auto replay = read_replay(R"({"from":7,"stream":")" + stream_text + R"("})");
    REQUIRE(replay);
    CHECK(replay->from == 7);
    CHECK_FALSE(read_replay(R"({"from":0,"stream":")" + stream_text + R"("})"));
    CHECK_FALSE(read_replay(R"({"stream":")" + stream_text + R"("})"));
    CHECK_FALSE(read_replay(R"({"from":1,"stream":1})"));
}

TEST_CASE("Birth, will and request have the members of the contract") {
    const SessionIdentity session{*StreamId::parse(stream_text), BootId{}, ProcessId{}, 12};
    CHECK(write_offline(session) == R"({"boot":"00000000000000000000000000000000","connection":12,)"
                                    R"("process":"00000000000000000000000000000000","state":"offline",)"
                                    R"("stream":"000102030405060708090a0b0c0d0e0f"})");
    CHECK(
        write_birth({session, "0.1.0", 1, 9, 4, WallTime{}}) ==
        R"({"acknowledged":4,"boot":"00000000000000000000000000000000","connection":12,"first":1,"last":9,)"
        R"("process":"00000000000000000000000000000000","state":"online","stream":"000102030405060708090a0b0c0d0e0f","time":"1970-01-01T00:00:00.000Z",)"
        R"("version":"0.1.0"})");
    CHECK(write_orders_request(Authority{"ciq"}, 7) == R"({"authority":"ciq","from":7,"need":"orders"})");
}

TEST_CASE("A status says whose it is also where it is of an older or a newer version") {
    const auto process = *ProcessId::parse("00000000000000000000000000000007");
    const SessionIdentity session{*StreamId::parse(stream_text), BootId{}, process, 12};
    const StatusOwner owner{process, session.stream, 12};
    CHECK(read_status(write_birth({session, "0.1.0", 1, 9, 4, WallTime{}})).value() == owner);
    CHECK(read_status(write_offline(session)).value() == owner);
    const auto older = read_status(R"({"state":"offline","connection":3,"more":[],"stream":")" + stream_text + R"("})");
    REQUIRE(older);
    CHECK(older->process == ProcessId{});
    CHECK(older->connection == 3);
    CHECK_FALSE(read_status("{}"));
    CHECK_FALSE(read_status("no status"));
    CHECK_FALSE(read_status(R"({"connection":3,"stream":"x"})"));
    CHECK_FALSE(read_status(R"({"connection":-1,"stream":")" + stream_text + R"("})"));
    CHECK_FALSE(read_status(std::string(longest_control_message + 1, ' ')));
}

StatusOwner status_of(char process, std::int64_t connection) {
    return {*ProcessId::parse(std::string(31, '0') + process), *StreamId::parse(stream_text), connection};
}

/// A connect that finds this status, or none.
bool twin_found(TwinWatch& watch, const std::optional<StatusOwner>& status) {
    watch.begin();
    const bool found = status && watch.found(*status);
    watch.connected();
    return found;
}

TEST_CASE("A twin is who has another connection on our topic at two of our connects in a row") {
    TwinWatch watch{status_of('1', 0).process};
    SECTION("from an empty topic on") {
        CHECK_FALSE(twin_found(watch, std::nullopt));
        CHECK_FALSE(twin_found(watch, status_of('2', 1)));
        CHECK(watch.suspects());
        CHECK(twin_found(watch, status_of('2', 2)));
    }
    SECTION("beside what an earlier box left there") {
        CHECK_FALSE(twin_found(watch, status_of('9', 70)));
        CHECK_FALSE(watch.suspects());
        CHECK_FALSE(twin_found(watch, status_of('2', 1)));
        CHECK(twin_found(watch, status_of('2', 2)));
    }
    SECTION("also where it starts anew each time") {
        CHECK_FALSE(twin_found(watch, std::nullopt));
        CHECK_FALSE(twin_found(watch, status_of('2', 1)));
        CHECK(twin_found(watch, status_of('3', 1)));
    }
}

TEST_CASE("No twin is what an earlier start or an earlier box or a broker's old memory left") {
    TwinWatch watch{status_of('1', 0).process};
    SECTION("found unchanged at each connect of a link that never holds") {
        for (int i = 0; i < 10; ++i) {
            CHECK_FALSE(twin_found(watch, status_of('9', 70)));
        }
    }
    SECTION("found again when the broker has come up with old messages") {
        for (int i = 0; i < 10; ++i) {
            CHECK_FALSE(twin_found(watch, status_of('1', i)));
            CHECK_FALSE(twin_found(watch, status_of('9', 70)));
        }
    }
    SECTION("once, and nothing at the next connect") {
        CHECK_FALSE(twin_found(watch, status_of('1', 1)));
        CHECK_FALSE(twin_found(watch, status_of('2', 1)));
        CHECK_FALSE(twin_found(watch, std::nullopt));
        CHECK_FALSE(twin_found(watch, status_of('2', 2)));
    }
    SECTION("before an operator said that it is gone") {
        CHECK_FALSE(twin_found(watch, status_of('1', 1)));
        CHECK_FALSE(twin_found(watch, status_of('2', 1)));
        watch.forget();
        CHECK_FALSE(twin_found(watch, status_of('2', 2)));
    }
}

TEST_CASE("A change of the link is told when it has held for ten seconds") {
    LinkWatch watch{start};
    watch.up(start + 1s);
    CHECK_FALSE(watch.due(start + 10s));
    CHECK(watch.deadline() == start + 11s);
    const auto fact = watch.due(start + 11s);
    REQUIRE(fact);
    CHECK(fact->state == LinkState::up);
    CHECK_FALSE(watch.deadline());
}

TEST_CASE("A link that flaps within ten seconds is not told") {
    LinkWatch watch{start};
    watch.up(start);
    REQUIRE(watch.due(start + 10s));
    watch.down("cable", start + 20s);
    watch.up(start + 25s);
    CHECK_FALSE(watch.deadline());
    CHECK_FALSE(watch.due(start + 1h));
}

TEST_CASE("A link that stays down is told every hour, with its newest cause") {
    LinkWatch watch{start};
    REQUIRE(watch.due(start + 10s));
    watch.down("refused", start + 30s);
    CHECK_FALSE(watch.due(start + 1h));
    const auto again = watch.due(start + 1h + 10s);
    REQUIRE(again);
    CHECK(again->state == LinkState::down);
    CHECK(again->cause == "refused");
}

TEST_CASE("The first refusal of a kind is told at once, a flood of them once a minute with its count") {
    RefusalLog log;
    const InboundDefect defect{InboundCause::not_json, "detail"};
    REQUIRE(log.add("ack", defect, start));
    for (int i = 1; i <= 1000; ++i) {
        CHECK_FALSE(log.add("ack", {InboundCause::not_json, std::to_string(i)}, start + 1s));
    }
    CHECK(log.add("replay", defect, start + 1s));
    CHECK(log.add("ack", {InboundCause::retained, ""}, start + 1s));
    CHECK(log.due(start + 59s).empty());
    REQUIRE(log.deadline() == start + 1min);
    const auto told = log.due(start + 1min);
    REQUIRE(told.size() == 1);
    CHECK(told.front().count == 1000);
    CHECK(told.front().detail == "1000");
    CHECK(log.total() == 1003);
    CHECK_FALSE(log.deadline());
}

TEST_CASE("Central is asked for an authority's orders at most once in five seconds, then for the newest need") {
    OrderRequests requests;
    requests.need({Authority{"ciq"}, 4});
    requests.need({Authority{"terminal"}, 1});
    CHECK(requests.due(start).size() == 2);
    requests.need({Authority{"ciq"}, 5});
    requests.need({Authority{"ciq"}, 6});
    CHECK(requests.due(start + 4s).empty());
    CHECK(requests.deadline() == start + 5s);
    const auto due = requests.due(start + 5s);
    REQUIRE(due.size() == 1);
    CHECK(due.front().authority == Authority{"ciq"});
    CHECK(due.front().from == 6);
    CHECK_FALSE(requests.deadline());
}

TEST_CASE("A new connection asks at once") {
    OrderRequests requests;
    requests.need({Authority{"ciq"}, 4});
    REQUIRE(requests.due(start).size() == 1);
    requests.connected();
    requests.need({Authority{"ciq"}, 4});
    CHECK(requests.due(start + 1s).size() == 1);
}

TEST_CASE("Of live state only the newest value of a topic waits, and topics take turns") {
    StateBoard board;
    board.set("lane/a", "1");
    board.set("lane/a", "2");
    board.set("lane/b", "1");
    auto first = board.take();
    REQUIRE(first);
    CHECK(first->topic == "lane/a");
    CHECK(first->payload == "2");
    board.set("lane/a", "3");
    CHECK(board.take()->topic == "lane/b");
    CHECK(board.take()->topic == "lane/a");
    CHECK_FALSE(board.take());
    board.set("lane/a", "3");
    CHECK_FALSE(board.take());
    board.all_again();
    CHECK(board.take()->topic == "lane/b");
    CHECK(board.take()->topic == "lane/a");
    CHECK_FALSE(board.take());
}

TEST_CASE("Pauses between attempts grow to their bound, with full jitter") {
    double drawn = 0.5;
    Backoff backoff{1000ms, 8000ms, [&] { return drawn; }};
    std::vector<std::chrono::milliseconds> pauses;
    for (int i = 0; i < 6; ++i) {
        pauses.push_back(backoff.next());
    }
    CHECK(pauses == std::vector<std::chrono::milliseconds>{500ms, 1000ms, 2000ms, 4000ms, 4000ms, 4000ms});
    drawn = 0;
    CHECK(backoff.next() == 0ms);
    drawn = 0.5;
    backoff.reset();
    CHECK(backoff.next() == 500ms);
}

TEST_CASE("A broker is named by mqtt://host[:port]") {
    CHECK(broker_address("mqtt://central.example").value() == "tcp://central.example:1883");
    CHECK(broker_address("mqtt://192.0.2.1:2883").value() == "tcp://192.0.2.1:2883");
    CHECK(broker_address("mqtt://[2001:db8::1]").value() == "tcp://[2001:db8::1]:1883");
    for (const auto* wrong : {"", "mqtt://", "central.example", "http://central", "mqtt://user@host", "mqtt://h/x"}) {
        CAPTURE(wrong);
        CHECK_FALSE(broker_address(wrong));
    }
}

TEST_CASE("A broker with TLS has its own port, and a name that its certificate can be for") {
    CHECK(broker_address("mqtts://central.example").value() == "ssl://central.example:8883");
    CHECK(broker_address("mqtts://192.0.2.1:2883").value() == "ssl://192.0.2.1:2883");
    const auto address = broker_address("mqtts://[2001:db8::1]:8883");
    REQUIRE_FALSE(address);
    CHECK_THAT(address.error(), testing::contains_text("host name"));
}

TEST_CASE("Each failed attempt moves to the next broker, and only all of them together make a round") {
    BrokerList brokers{{"first", "second", "third"}};
    CHECK(brokers.current() == "first");
    CHECK_FALSE(brokers.failed());
    CHECK_FALSE(brokers.failed());
    CHECK(brokers.current() == "third");
    CHECK(brokers.failed());
    CHECK(brokers.current() == "first");

    SECTION("a connection that held began anew with the first") {
        CHECK_FALSE(brokers.failed());
        brokers.ended();
        CHECK(brokers.current() == "first");
    }
    SECTION("one broker is a round by itself") {
        BrokerList one{{"only"}};
        CHECK(one.failed());
        CHECK(one.current() == "only");
    }
}

}  // namespace
}  // namespace portcullis::uplink
