// How an uplink leaves, against a real broker.
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

TEST_CASE("An uplink that ends while it is connecting takes nobody with it") {
    for (int i = 0; i < 10; ++i) {
        UplinkBench bench{"mqtt://broker.invalid"};  // Paho says that it does not resolve while its client goes down
        bench.make();
        bench.stop_worker();
        bench.destroy();
    }
}

TEST_CASE("A clean stop says offline and is done") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(status_topic);
    bench.make();
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 1; }));
    bool done = false;
    bench.uplink().stop([&] { done = true; });
    REQUIRE(bench.until([&] { return done; }));
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 2; }));
    CHECK_THAT(watcher.payloads(status_topic).back(), contains_text(R"("state":"offline")"));
    CHECK_FALSE(bench.uplink().view().online);
}

TEST_CASE("A clean stop sends what the journal holds before it says goodbye") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(prefix + "/#");
    bench.make();
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 1; }));
    bench.write(3);
    bool done = false;
    bench.uplink().stop([&] { done = true; });
    REQUIRE(bench.until([&] { return done; }));
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 2; }));
    CHECK(watcher.count(event_topic) == 3);
    CHECK(watcher.messages().back().topic == status_topic);
}

TEST_CASE("A stop does not wait for a broker that no longer answers") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    broker.freeze();
    bench.write(10);
    bool done = false;
    bench.uplink().stop([&] { done = true; });
    CHECK(bench.until([&] { return done; }));
    broker.thaw();
}

TEST_CASE("A stop behind a full window leaves no gate online once the broker answers again") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe watcher{broker.uri(), "watcher"};
    watcher.subscribe(status_topic);
    bench.make();
    REQUIRE(bench.until([&] { return watcher.count(status_topic) == 1; }));
    broker.freeze();
    bench.write(500);
    REQUIRE(bench.until([&] { return bench.uplink().view().sent >= 20; }));  // mosquitto's Receive Maximum
    bool done = false;
    bench.uplink().stop([&] { done = true; });
    REQUIRE(bench.until([&] { return done; }));
    broker.thaw();
    // The goodbye may still have reached the socket: then the will says the same once more.
    REQUIRE(bench.until([&] { return watcher.count(status_topic) >= 2; }));
    CHECK_THAT(watcher.payloads(status_topic).back(), contains_text(R"("state":"offline")"));
}

}  // namespace
}  // namespace portcullis::uplink
