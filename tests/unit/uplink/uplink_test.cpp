// The uplink against a real broker; a plain MQTT client stands for its consumer.
#include "uplink/uplink.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;
using testing::Mosquitto;
using testing::MqttProbe;

const std::string event_topic = prefix + "/event";
const std::string status_topic = prefix + "/status";
const std::string ack_topic = prefix + "/ack";
const std::string replay_topic = prefix + "/replay";
const std::string order_topic = prefix + "/order";
const std::string request_topic = prefix + "/request";

std::vector<std::string> events(Sequence from, Sequence to) {
    std::vector<std::string> texts;
    for (auto sequence = from; sequence <= to; ++sequence) {
        texts.push_back(UplinkBench::event_text(sequence));
    }
    return texts;
}

TEST_CASE("A consumer sees birth and events in order, and its acknowledgement frees them") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    bench.write(3);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 3; }));
    CHECK(consumer.payloads(event_topic) == events(1, 3));
    const auto first = consumer.messages();
    REQUIRE(first.front().topic == status_topic);
    CHECK_THAT(first.front().payload, contains_text(R"("state":"online")"));
    CHECK_THAT(first.front().payload, contains_text(R"("last":3)"));
    CHECK(first.at(1).user_properties.at("previous") == "0");
    CHECK(first.at(1).user_properties.at("redelivery") == "0");
    CHECK(first.at(3).user_properties.at("previous") == "2");

    consumer.publish(ack_topic, bench.ack_text(2));
    REQUIRE(bench.until([&] { return bench.acknowledged == 2; }));
    bench.write(1);
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 4; }));
    CHECK(bench.uplink().view().acknowledged == 2);
    CHECK(bench.uplink().view().sent == 4);
    CHECK(bench.refusals.empty());
}

TEST_CASE("Birth is retained for whoever comes later") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    MqttProbe early{broker.uri(), "early"};
    early.subscribe(status_topic);
    REQUIRE(bench.until([&] { return early.count(status_topic) > 0; }));
    MqttProbe late{broker.uri(), "late"};
    late.subscribe(status_topic);
    REQUIRE(bench.until([&] { return late.count(status_topic) == 1; }));
    CHECK(late.messages().front().retained);
}

TEST_CASE("In flight stays within the broker's Receive Maximum, and nothing stalls at it") {
    const auto row =
        GENERATE(table<std::string, Sequence>({{"max_inflight_messages 20", 20}, {"max_inflight_messages 0", 100}}));
    const auto setting = std::get<0>(row);
    const auto window = std::get<1>(row);
    CAPTURE(setting);
    Mosquitto broker{setting};
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.make();
    REQUIRE(bench.until_online());
    bench.write(1000);
    // A window above the Receive Maximum makes Paho wait a second at a time: 1000 events would take most of a minute.
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 1000; }));
    CHECK(consumer.payloads(event_topic) == events(1, 1000));
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 1000; }));

    consumer.publish(ack_topic, bench.ack_text(1000));
    REQUIRE(bench.until([&] { return bench.acknowledged == 1000; }));
    broker.freeze();
    bench.write(500);
    REQUIRE(bench.until([&] { return bench.uplink().view().sent == 1000 + window; }));
    broker.thaw();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 1500; }));
    CHECK(consumer.payloads(event_topic) == events(1, 1500));
}

TEST_CASE("Publishing waits at the acknowledgement window, and goes on with the consumer") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.ack_window = 50}};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(120);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 50; }));
    CHECK(bench.uplink().view().sent == 50);
    consumer.publish(ack_topic, bench.ack_text(30));
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 80; }));
    CHECK(bench.uplink().view().sent == 80);
}

TEST_CASE("After a broker that died and forgot everything, publishing starts at acknowledged + 1") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.write(10);
    bench.make();
    {
        MqttProbe consumer{broker.uri(), "consumer"};
        consumer.subscribe(event_topic);
        REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 10; }));
        consumer.publish(ack_topic, bench.ack_text(4));
        REQUIRE(bench.until([&] { return bench.acknowledged == 4; }));
    }
    const auto before = bench.uplink().view().connection;
    broker.kill();
    REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
    bench.write(5);
    // Whoever is back first: the consumer must be there to see the first event.
    bench.uplink().publish_state("lane/out-1", R"({"mode":"automatic"})");
    broker.start();
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 21; }));
    CHECK(bench.uplink().view().connection > before);
    REQUIRE(bench.until([&] { return consumer.count(prefix + "/state/lane/out-1") == 1; }));
    consumer.publish(replay_topic, R"({"stream":")" + UplinkBench::stream.text() + R"(","from":5})");
    REQUIRE(bench.until([&] {
        const auto seen = consumer.payloads(event_topic);
        return seen.size() >= 11 && std::vector<std::string>(seen.end() - 11, seen.end()) == events(5, 15);
    }));
    CHECK(bench.acknowledged == 4);
}

TEST_CASE("An uplink that starts before its broker connects when it comes") {
    Mosquitto broker;
    broker.stop();
    UplinkBench bench{broker.uri()};
    bench.write(1);
    bench.make();
    REQUIRE(bench.until([&] { return bench.connections >= 3; }));
    CHECK_THAT(bench.uplink().view().cause, contains_text("cannot connect"));
    broker.start();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 1; }));
}

TEST_CASE("A standing acknowledgement makes the uplink send again, marked as sent before") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.standing = 50ms, .standing_most = 100ms}};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(2);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) >= 4; }));
    const auto seen = consumer.messages();
    CHECK(seen.at(2).payload == UplinkBench::event_text(1));
    CHECK(seen.at(2).user_properties.at("redelivery") == "1");
    consumer.publish(ack_topic, bench.ack_text(2));
    REQUIRE(bench.until([&] { return bench.acknowledged == 2; }));
    CHECK(bench.uplink().view().repeats >= 1);
}

TEST_CASE("A broker that refuses every publication is online, and its last word is kept for the technician") {
    const auto file = std::filesystem::temp_directory_path() / ("acl-" + std::to_string(::getpid()));
    std::ofstream{file} << "topic read portcullis/#\n";
    const Mosquitto broker{"acl_file " + file.string()};
    UplinkBench bench{broker.uri()};
    bench.write(3);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_refused >= 3; }));
    CHECK(bench.uplink().view().online);
    CHECK(bench.uplink().view().broker_took == 0);
    CHECK(bench.uplink().view().refusal != "");
    std::filesystem::remove(file);
}

TEST_CASE("A replay is served from where the consumer asks") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(6);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 6; }));
    consumer.forget();
    consumer.publish(replay_topic, R"({"stream":")" + UplinkBench::stream.text() + R"(","from":4})");
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 3; }));
    CHECK(consumer.payloads(event_topic) == events(4, 6));
    CHECK(consumer.messages().front().user_properties.at("redelivery") == "1");
}

TEST_CASE("A journal that cannot be read for a while delays events, and makes no acknowledgement a forgery") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(2);
    bench.journal_fails = true;
    bench.make();
    REQUIRE(bench.until([&] { return bench.failed_reads == 1; }));
    consumer.publish(ack_topic, bench.ack_text(1));
    REQUIRE(bench.until([&] { return bench.failed_reads >= 3; }));
    CHECK(bench.uplink().view().inbound_refused == 0);
    CHECK(consumer.count(event_topic) == 0);
    bench.journal_fails = false;
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 2; }));
    consumer.publish(ack_topic, bench.ack_text(2));
    REQUIRE(bench.until([&] { return bench.acknowledged == 2; }));
}

TEST_CASE("Hostile messages are refused with their cause, counted, and change nothing") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe sender{broker.uri(), "sender"};
    bench.write(5);
    // Retained before the gate connects: it arrives with the retain flag at the subscription.
    sender.publish(ack_topic, bench.ack_text(5), true);
    sender.publish(replay_topic, "garbage", true);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 6 || bench.uplink().view().sent == 5; }));
    REQUIRE(bench.until([&] { return bench.uplink().view().inbound_refused == 2; }));
    CHECK(bench.refused_for(InboundCause::retained));

    const std::string foreign(32, 'e');
    sender.publish(ack_topic, "");
    sender.publish(ack_topic, "\xff\xfe\x00");
    sender.publish(ack_topic, std::string(2000, '{'));
    sender.publish(ack_topic, std::string(100'000, 'x'));
    sender.publish(ack_topic,
                   R"({"stream":")" + foreign + R"(","sequence":1,"sha256":")" + std::string(64, '0') + R"("})");
    sender.publish(ack_topic, UplinkBench::ack_text(6, std::string(64, '0')));
    sender.publish(ack_topic, UplinkBench::ack_text(5, std::string(64, '0')));
    sender.publish(replay_topic, R"({"stream":")" + foreign + R"(","from":1})");
    sender.publish(replay_topic, R"({"stream":")" + UplinkBench::stream.text() + R"(","from":99})");
    sender.publish(order_topic, "\xc3\x28");
    sender.publish(order_topic, std::string(100'000, 'x'));
    REQUIRE(bench.until([&] { return bench.uplink().view().inbound_refused == 13; }));
    for (const auto cause : {InboundCause::not_json, InboundCause::not_utf8, InboundCause::too_large,
                             InboundCause::other_stream, InboundCause::beyond_last, InboundCause::other_bytes}) {
        CAPTURE(text_of(cause));
        CHECK(bench.refused_for(cause));
    }
    CHECK_FALSE(bench.acknowledged);
    CHECK(bench.documents.empty());
    CHECK(bench.uplink().view().repeats == 0);

    sender.publish(ack_topic, bench.ack_text(5));
    REQUIRE(bench.until([&] { return bench.acknowledged == 5; }));
}

TEST_CASE("A message beyond the size that the gate told the broker does not even arrive") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe sender{broker.uri(), "sender"};
    bench.make();
    REQUIRE(bench.until_online());
    sender.publish(order_topic, std::string(1'000'000, 'x'));
    sender.publish(order_topic, "{}");
    REQUIRE(bench.until([&] { return bench.documents.size() == 1; }));
    CHECK(bench.uplink().view().inbound_refused == 0);
}

TEST_CASE("The largest batch that a gate reads arrives") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.settings().largest_document = UplinkSettings{}.largest_document;
    bench.make();
    REQUIRE(bench.until_online());
    MqttProbe central{broker.uri(), "central"};
    central.publish(order_topic, std::string(codec::most_envelope_bytes, 'x'));
    REQUIRE(bench.until([&] { return bench.documents.size() == 1; }));
    CHECK(bench.documents.front().bytes.size() == codec::most_envelope_bytes);
}

TEST_CASE("Orders are handed over as they came") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe sender{broker.uri(), "sender"};
    bench.make();
    REQUIRE(bench.until_online());
    const std::string bytes = R"({ "payload" : "闽D12345" })";
    sender.publish(order_topic, bytes);
    REQUIRE(bench.until([&] { return bench.documents.size() == 1; }));
    CHECK(bench.documents.front().kind == "orders");
    CHECK(bench.documents.front().bytes == bytes);
    CHECK_FALSE(bench.documents.front().retained);
}

TEST_CASE("Orders are asked for after each connect and at a gap") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe central{broker.uri(), "central"};
    central.subscribe(request_topic);
    bench.orders_needed = {{Authority{"ciq"}, 5}, {Authority{"terminal"}, 1}};
    bench.make();
    REQUIRE(bench.until([&] { return central.count(request_topic) == 2; }));
    CHECK(central.payloads(request_topic) ==
          std::vector<std::string>{R"({"authority":"ciq","from":5,"need":"orders"})",
                                   R"({"authority":"terminal","from":1,"need":"orders"})"});
    bench.uplink().request_orders({Authority{"customs"}, 9});
    REQUIRE(bench.until([&] { return central.count(request_topic) == 3; }));
    CHECK(central.payloads(request_topic).back() == R"({"authority":"customs","from":9,"need":"orders"})");
    bench.uplink().request_document("ruleset");
    REQUIRE(bench.until([&] { return central.count(request_topic) == 4; }));
    CHECK(central.payloads(request_topic).back() == R"({"kind":"ruleset","need":"document"})");
}

TEST_CASE("When messages had to be dropped, orders are asked for again: the newest may have been among them") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe central{broker.uri(), "central"};
    central.subscribe(request_topic);
    central.subscribe(order_topic);
    bench.orders_needed = {{Authority{"ciq"}, 5}};
    bench.make();
    REQUIRE(bench.until([&] { return central.count(request_topic) == 1; }));
    // The gate does not turn while these come. Whether all of them wait for it then is not ours to say: so, again.
    for (int round = 0; round < 20 && !bench.refused_for(InboundCause::flood); ++round) {
        for (int i = 0; i < 400; ++i) {
            central.publish(order_topic, "{}");
        }
        bench.pass(100ms);
    }
    REQUIRE(bench.refused_for(InboundCause::flood));
    REQUIRE(bench.until([&] { return central.count(request_topic) == 2; }));
    CHECK(central.payloads(request_topic).back() == R"({"authority":"ciq","from":5,"need":"orders"})");
}

TEST_CASE("Live state is not behind a long replay") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.ack_window = 100'000}};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    bench.write(2000);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) > 100; }));
    bench.uplink().publish_state("lane/out-1", R"({"mode":"automatic"})");
    REQUIRE(bench.until([&] { return consumer.count(prefix + "/state/lane/out-1") == 1; }));
    CHECK(bench.uplink().view().sent < 2000);
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 2000; }));
}

TEST_CASE("A link that breaks leaves the retained will, and the next birth has a higher connection number") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(status_topic);
    bench.make();
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 1; }));
    {
        // A second client of the same name: the broker ends the first one's connection.
        const MqttProbe thief{broker.uri(), "portcullis-xmht-g07-supervision"};
        REQUIRE(bench.until([&] { return watcher.count(status_topic) >= 3; }));
    }
    const auto seen = watcher.payloads(status_topic);
    CHECK_THAT(seen.at(0), contains_text(R"("connection":1)"));
    CHECK_THAT(seen.at(1), contains_text(R"("state":"offline")"));
    CHECK_THAT(seen.at(1), contains_text(R"("connection":1)"));
    CHECK_THAT(seen.at(2), contains_text(R"("state":"online")"));
    CHECK_THAT(seen.at(2), !contains_text(R"("connection":1,)"));
}

}  // namespace
}  // namespace portcullis::uplink
