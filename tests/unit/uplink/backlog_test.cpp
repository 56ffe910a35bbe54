// A backlog drains by itself: no new event comes in these tests after the fault.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/uplink/quota_proxy.hpp"
#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;
using testing::Mosquitto;
using testing::MqttProbe;

const std::string event_topic = prefix + "/event";
const std::string ack_topic = prefix + "/ack";
const std::string replay_topic = prefix + "/replay";

/// Soon enough for a test, late enough not to repeat what is on its way.
constexpr DeliveryLimits quick{.ack_window = 100, .standing = 200ms, .standing_most = 400ms, .replay_pause = 100ms};

std::string replay_text(Sequence from) {
    return R"({"stream":")" + UplinkBench::stream.text() + R"(","from":)" + std::to_string(from) + "}";
}

/// A consumer that acknowledges the newest that it has, whenever it gets anything: until the backlog is gone.
bool drains(UplinkBench& bench, MqttProbe& consumer, Sequence last) {
    std::size_t seen = 0;
    return bench.until([&] {
        const auto events = consumer.payloads(event_topic);
        if (events.size() > seen) {
            seen = events.size();
            Sequence held = 0;  // counts on from the first event without a hole, whatever was repeated
            for (const auto& event : events) {
                held += event == UplinkBench::event_text(held + 1) ? 1 : 0;
            }
            if (held > 0) {
                consumer.publish(ack_topic, bench.ack_text(held));
            }
        }
        return bench.acknowledged == last;
    });
}

TEST_CASE("After an outage of the broker") {
    Mosquitto broker;
    UplinkBench bench{broker.uri(), quick};
    bench.make();
    REQUIRE(bench.until_online());
    broker.kill();
    REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
    bench.write(250);
    broker.start();
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    CHECK(drains(bench, consumer, 250));
}

TEST_CASE("After the window was full, as the acknowledgements come") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), {.ack_window = 10}};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.write(95);
    bench.make();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == 10; }));
    CHECK(bench.uplink().view().window_full);
    CHECK_THAT(bench.uplink().way_of(50).why, contains_text("has not acknowledged 10 events"));
    CHECK(drains(bench, consumer, 95));
}

/// Beside some 10 MB in the kernel's buffers far more than a hundred publications, which is what Paho takes of its own.
TEST_CASE("After the broker stood still under a full window of large events, in order and each sent once") {
    constexpr Sequence window = 240;
    constexpr std::size_t size = 130'000;
    Mosquitto broker{"max_inflight_messages 1000"};
    UplinkBench bench{broker.uri(), {.ack_window = window, .in_flight = window + 10}};  // the birth may be on its way
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.make();
    REQUIRE(bench.until_online());
    broker.freeze();
    for (Sequence i = 1; i <= window; ++i) {
        bench.journal.push_back(UplinkBench::event_text(i) + std::string(size, ' '));
    }
    bench.uplink().journal_grew(window);
    REQUIRE(bench.until([&] { return bench.uplink().view().sent == window && bench.worker_idle(); }));
    broker.thaw();
    REQUIRE(bench.until([&] { return consumer.count(event_topic) == static_cast<std::size_t>(window); }));
    CHECK(consumer.payloads(event_topic) == bench.journal);
    CHECK(bench.uplink().view().broker_refused == 0);
    CHECK(bench.uplink().view().repeats == 0);
}

TEST_CASE("After a read of the journal failed") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), quick};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    bench.journal_fails = true;
    bench.write(120);
    bench.make();
    REQUIRE(bench.until([&] { return bench.failed_reads > 0; }));
    bench.journal_fails = false;
    CHECK(drains(bench, consumer, 120));
}

TEST_CASE("After events that went past a consumer that was away") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), quick};
    bench.write(50);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took >= 50; }));
    SECTION("and says nothing when it is back: the acknowledgement stands still") {
        MqttProbe consumer{broker.uri(), "consumer"};
        consumer.subscribe(event_topic);
        CHECK(drains(bench, consumer, 50));
        CHECK(bench.uplink().view().repeats > 0);
    }
    SECTION("and whose first replay was lost") {
        MqttProbe consumer{broker.uri(), "consumer"};
        consumer.subscribe(event_topic);
        consumer.publish(replay_topic, "lost on the way, and something else came");
        consumer.publish(replay_topic, replay_text(1));
        CHECK(drains(bench, consumer, 50));
    }
}

TEST_CASE("After a restart of the consumer in the middle") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri(), quick};
    bench.write(150);
    {
        MqttProbe consumer{broker.uri(), "consumer"};
        consumer.subscribe(event_topic);
        bench.make();
        REQUIRE(bench.until([&] { return consumer.count(event_topic) >= 60; }));
        consumer.publish(ack_topic, bench.ack_text(40));
        REQUIRE(bench.until([&] { return bench.acknowledged == 40; }));
    }
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    consumer.publish(replay_topic, replay_text(1));  // it came back from an older copy
    CHECK(drains(bench, consumer, 150));
}

TEST_CASE("After a broker that refused publications allows them") {
    const auto file = std::filesystem::temp_directory_path() / ("acl-backlog-" + std::to_string(::getpid()));
    std::ofstream{file} << "topic read portcullis/#\n";
    Mosquitto broker{"acl_file " + file.string()};
    UplinkBench bench{broker.uri(), quick};
    bench.write(30);
    bench.make();
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_refused >= 30; }));
    CHECK(bench.uplink().view().took == 0);
    CHECK(bench.until([&] { return bench.uplink().way_of(30).known.refused; }));
    std::ofstream{file} << "topic readwrite portcullis/#\n";
    broker.reload();
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    CHECK(drains(bench, consumer, 30));
    CHECK(bench.uplink().view().took == 30);
    std::filesystem::remove(file);
}

TEST_CASE("After a broker whose quota was used up has room again") {
    const auto reason = GENERATE(std::uint8_t{0x97}, std::uint8_t{0x87});  // quota exceeded, not authorised
    const Mosquitto broker;
    UplinkBench bench{"", quick};
    QuotaProxy proxy{bench.context(), broker.port()};
    bench.settings().brokers = {proxy.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    bench.write(20);
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_took == 20; }));
    proxy.refuse_with(reason);
    bench.write(30);
    REQUIRE(bench.until([&] { return bench.uplink().view().broker_refused >= 30; }));
    CHECK(bench.uplink().view().took == 20);
    CHECK(bench.uplink().view().online);
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(event_topic);
    proxy.refuse_with(std::nullopt);
    CHECK(drains(bench, consumer, 50));
}

}  // namespace
}  // namespace portcullis::uplink
