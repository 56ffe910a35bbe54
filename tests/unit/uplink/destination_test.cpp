// A destination that is filtered, redacted, or too late, against a real broker; heads; commands.
#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;
using testing::Mosquitto;
using testing::MqttProbe;

const std::string event_topic = prefix + "/event";
const std::string ack_topic = prefix + "/ack";
const std::string head_topic = prefix + "/head";
const std::string status_topic = prefix + "/status";
const std::string command_topic = prefix + "/command";

std::string ack_without_hash(Sequence sequence) {
    return R"({"stream":")" + UplinkBench::stream.text() + R"(","sequence":)" + std::to_string(sequence) + "}";
}

std::vector<std::string> previous_of(const MqttProbe& consumer) {
    std::vector<std::string> previous;
    for (const auto& message : consumer.messages()) {
        if (message.topic == event_topic) {
            previous.push_back(message.user_properties.at("previous"));
        }
    }
    return previous;
}

/// A terminal operator that wants `passage.*` of a journal where each tenth event is one.
class Terminal {
public:
    explicit Terminal(UplinkBench& bench, int events) : bench_(bench) {
        bench.settings().required = false;
        bench.settings().filter.types = {"passage.*"};
        write(events);
    }
    void write(int events) {
        for (auto sequence = static_cast<Sequence>(bench_.journal.size()) + 1;
             sequence <= static_cast<Sequence>(bench_.journal.size()) + events; ++sequence) {
            if (sequence % 10 != 0) {
                bench_.skips.push_back(sequence);
            }
        }
        bench_.write(events);
    }

private:
    UplinkBench& bench_;
};

TEST_CASE("What was erased while it waited for the window goes out as it is stored now") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.ack_window = 2}};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/event");
    bench.write(4);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(prefix + "/event") == 2; }));
    REQUIRE(bench.reads > 0);
    bench.journal[2] = "erased";
    bench.uplink().journal_erased();
    consumer.publish(prefix + "/ack", bench.ack_text(2));
    REQUIRE(bench.until([&] { return consumer.count(prefix + "/event") == 4; }));
    CHECK(consumer.payloads(prefix + "/event")[2] == "erased");
}

TEST_CASE("A filtered destination gets its events, each with the one before it, and its backlog ends") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.ack_window = 20}};
    Terminal terminal{bench, 305};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 20; }));
    CHECK(bench.uplink().way_of(7).place == DeliveryPlace::passed);
    consumer.publish(ack_topic, bench.ack_text(200));
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 30; }));
    CHECK(consumer.payloads(event_topic).back() == UplinkBench::event_text(300));
    const auto previous = previous_of(consumer);
    CHECK(previous.front() == "0");
    CHECK(previous.at(20) == "200");
    consumer.publish(ack_topic, bench.ack_text(300));
    REQUIRE(bench.until([&] { return bench.uplink().view().backlog == 0; }));
    CHECK(bench.uplink().view().acknowledged == 300);

    bench.write(0);
    for (int i = 0; i < 4; ++i) {
        bench.skips.push_back(306 + i);
    }
    bench.write(4);
    REQUIRE(bench.until([&] { return bench.uplink().view().last == 309 && bench.uplink().view().backlog == 0; }));
    CHECK(bench.uplink().view().acknowledged == 300);
}

TEST_CASE("Without a link the backlog of a filtered destination begins at the first event that it will get") {
    Mosquitto broker;
    broker.stop();
    UplinkBench bench{broker.uri()};
    Terminal terminal{bench, 9};
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().backlog == 0; }));
    CHECK(bench.uplink().view().waiting_from == 10);
    const auto before = bench.reads;
    terminal.write(16);
    REQUIRE(bench.until([&] { return bench.reads > before; }));
    // The tenth event is what waits: more of the journal changes nothing, nor do attempts to connect.
    terminal.write(500);
    const auto looked = bench.reads;
    const auto attempts = bench.connections;
    REQUIRE(bench.until([&] { return bench.connections > attempts + 2; }));
    CHECK(bench.reads == looked);
    CHECK(bench.uplink().view().waiting_from == 10);
}

TEST_CASE("A restart goes on where the filter had looked to") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    for (Sequence sequence = 1; sequence <= 5000; ++sequence) {
        bench.skips.push_back(sequence);
    }
    bench.settings().required = false;
    bench.settings().filter.types = {"passage.*"};
    bench.write(5000);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().backlog == 0; }));
    REQUIRE(bench.passed);
    CHECK(*bench.passed >= 4000);
    bench.destroy();
    bench.reads = 0;
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(1);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 1; }));
    CHECK(previous_of(consumer) == std::vector<std::string>{"0"});
    CHECK(bench.reads <= 15);
}

TEST_CASE("A redacted destination sees only redacted bytes, and acknowledges without their hash") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.settings().required = false;
    bench.settings().redactions = {Redaction::personal};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(3);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 3; }));
    CHECK(consumer.payloads(event_topic).front() == "redacted " + UplinkBench::event_text(1));
    consumer.publish(ack_topic, ack_without_hash(2));
    REQUIRE(bench.until([&] { return bench.acknowledged == 2; }));
    SECTION("with the hash of what it got, as well") {
        consumer.publish(ack_topic, UplinkBench::ack_text(3, hex_text(trust::sha256("redacted " + bench.journal[2]))));
        CHECK(bench.until([&] { return bench.acknowledged == 3; }));
    }
    SECTION("but not with that of what it never saw") {
        consumer.publish(ack_topic, bench.ack_text(3));
        REQUIRE(bench.until([&] { return bench.refused_for(InboundCause::other_bytes); }));
        CHECK(bench.acknowledged == 2);
    }
}

TEST_CASE("A destination that gets everything as it is has to name the bytes") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    bench.write(3);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().sent == 3; }));
    consumer.publish(ack_topic, ack_without_hash(2));
    REQUIRE(bench.until([&] { return bench.refused_for(InboundCause::not_json); }));
    CHECK_FALSE(bench.acknowledged);
}

TEST_CASE("An acknowledgement of an event that was erased since it was sent is no forgery, and the event comes again") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.standing = 200ms, .standing_most = 400ms}};
    bench.settings().required = false;
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(1);
    bench.journal[0] = R"({"data":"plate","previoushash":"0","salt":"1"})";
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 1; }));
    const auto ack_of_sent = bench.ack_text(1);
    bench.journal[0] = R"({"data":"digest","previoushash":"0"})";
    consumer.publish(ack_topic, ack_of_sent);
    REQUIRE(bench.until([&] { return consumer.payloads(event_topic).back() == bench.journal[0]; }));
    CHECK_FALSE(bench.acknowledged);
    consumer.publish(ack_topic, bench.ack_text(1));
    REQUIRE(bench.until([&] { return bench.acknowledged == 1; }));
    CHECK(bench.refusals.empty());
}

TEST_CASE("An event that cannot be redacted is not sent, and says why it stands") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.settings().required = false;
    bench.settings().redactions = {Redaction::personal};
    bench.redaction_fails = true;
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    bench.write(1);
    bench.make();
    REQUIRE(bench.until([&] { return !bench.uplink().view().withheld.empty(); }));
    CHECK_THAT(bench.uplink().way_of(1).why, contains_text("cannot be redacted: damaged"));
    bench.uplink().publish_head("{}");
    REQUIRE(bench.until([&] { return consumer.count(head_topic) == 1; }));
    CHECK(consumer.count(event_topic) == 0);
}

TEST_CASE("Events that are gone before they were sent show as a hole, in the birth, and in an event") {
    Mosquitto broker;
    broker.stop();
    UplinkBench bench{broker.uri()};
    bench.settings().required = false;
    bench.write(10);
    bench.make();
    bench.first = 7;
    bench.uplink().journal_cut(7);
    REQUIRE(bench.lost.size() == 1);
    CHECK(bench.lost.front().gone == SequenceRange{1, 6});
    CHECK(bench.uplink().view().lost == 6);
    CHECK(bench.uplink().view().acknowledged == 0);
    broker.start();
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took >= 4; }));
    consumer.publish(prefix + "/replay", R"({"stream":")" + UplinkBench::stream.text() + R"(","from":1})");
    REQUIRE(bench.until([&] { return consumer.count(event_topic) >= 4; }));
    REQUIRE(bench.until([&] { return !consumer.payloads(status_topic).empty(); }));
    CHECK_THAT(consumer.payloads(status_topic).back(), contains_text(R"("first":7)"));
    CHECK(consumer.payloads(event_topic).back() == UplinkBench::event_text(10));
    CHECK(previous_of(consumer).at(previous_of(consumer).size() - 4) == "6");
    CHECK(bench.refusals.empty());
}

TEST_CASE("A start finds what retention removed meanwhile") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.write(10);
    bench.acknowledged = 2;
    bench.first = 7;
    bench.make();
    REQUIRE(bench.lost.size() == 1);
    CHECK(bench.lost.front().gone == SequenceRange{3, 6});
    CHECK(bench.lost.front().acknowledged == 2);
}

TEST_CASE("Rows that are gone before anybody said so stop nothing") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(10);
    bench.make();
    bench.first = 4;
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 7; }));
    CHECK(bench.lost.size() == 1);
}

TEST_CASE("A birth is told anew when the journal's first event has changed") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(status_topic);
    bench.write(10);
    bench.acknowledged = 10;
    bench.make();
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 1; }));
    bench.first = 9;
    bench.uplink().journal_cut(9);
    bench.uplink().journal_cut(9);
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 2; }));
    CHECK_THAT(watcher.payloads(status_topic).back(), contains_text(R"("first":9)"));
    CHECK_THAT(watcher.payloads(status_topic).back(), contains_text(R"("state":"online")"));
    CHECK(bench.lost.empty());
}

TEST_CASE("The newest head is retained, comes after each connect, and older ones that waited are never sent") {
    Mosquitto broker;
    broker.stop();
    UplinkBench bench{broker.uri()};
    bench.make();
    for (int i = 1; i <= 100; ++i) {
        bench.uplink().publish_head("head " + std::to_string(i));
    }
    broker.start();
    REQUIRE(bench.until_online());
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(head_topic);
    REQUIRE(bench.until([&] { return watcher.count(head_topic) >= 1; }));
    CHECK(watcher.payloads(head_topic).front() == "head 100");
    bench.uplink().publish_head("head 101");
    REQUIRE(bench.until([&] { return watcher.payloads(head_topic).back() == "head 101"; }));
    MqttProbe late{broker.uri(), "late"};
    late.subscribe(head_topic);
    REQUIRE(bench.until([&] { return late.count(head_topic) == 1; }));
    CHECK(late.messages().front().retained);

    broker.kill();
    REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
    broker.start();
    MqttProbe again{broker.uri(), "again"};
    again.subscribe(head_topic);
    REQUIRE(bench.until([&] { return again.count(head_topic) >= 1; }));
    CHECK(again.payloads(head_topic).front() == "head 101");
}

TEST_CASE("Every command is refused and told, retained, late, foreign or well-formed, and nothing comes of it") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe sender{broker.uri(), "sender"};
    sender.publish(command_topic, "kept by the broker", true);
    bench.make();
    REQUIRE(bench.until([&] { return bench.refused_for(InboundCause::retained); }));
    const std::string command = R"({"payloadType":"application/vnd.portcullis.command+json"})";
    sender.publish(command_topic, command);
    sender.publish(command_topic, "\xff");
    sender.publish(command_topic, std::string(100'000, 'x'));
    for (int i = 0; i < 50; ++i) {
        sender.publish(command_topic, command);
    }
    REQUIRE(bench.until([&] { return bench.uplink().view().inbound_refused == 54; }));
    for (const auto cause : {InboundCause::unsupported, InboundCause::not_utf8, InboundCause::too_large}) {
        CHECK(bench.refused_for(cause));
    }
    CHECK(bench.refusals.size() == 4);  // each cause once: the rest is told as one, a minute later
    CHECK(bench.refusals.front().payload == "kept by the broker");
    CHECK(bench.refusals.at(1).topic == "command");
    CHECK(bench.refusals.at(1).payload == command);
    CHECK(bench.documents.empty());
}

TEST_CASE("One event's way is known from waiting to stored") {
    Mosquitto broker;
    broker.stop();
    UplinkBench bench{broker.uri()};
    bench.write(2);
    bench.make();
    CHECK(bench.uplink().way_of(2).place == DeliveryPlace::waits);
    REQUIRE(bench.until([&] { return bench.connections >= 2; }));
    CHECK_FALSE(bench.uplink().way_of(2).why.empty());
    broker.start();
    REQUIRE(bench.until([&] { return bench.uplink().view().took == 2; }));
    const auto sent = bench.uplink().way_of(2);
    CHECK(sent.place == DeliveryPlace::sent);
    CHECK(sent.known.sent);
    CHECK(sent.known.took);
    CHECK_FALSE(sent.known.stored);
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.publish(ack_topic, bench.ack_text(2));
    REQUIRE(bench.until([&] { return bench.acknowledged == 2; }));
    CHECK(bench.uplink().way_of(1).place == DeliveryPlace::stored);
    CHECK(bench.uplink().way_of(1).known.stored);
}

}  // namespace
}  // namespace portcullis::uplink
