// Two gates with one identity at a broker that tells nobody (mosquitto 2.0.11 only closes): they do not fight for long.
#include <string>

#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using testing::Mosquitto;
using testing::MqttProbe;

/// A gate made from the image of another: same stream, same boot where it is a copy on one machine, another process.
void clone_of(UplinkBench& twin) {
    twin.start().process = *ProcessId::parse("000000000000000000000000000000bb");
}

/// Turns both until it is so.
template <class Condition>
bool both_until(UplinkBench& one, UplinkBench& other, Condition so) {
    return one.until([&] {
        other.context().restart();
        other.context().poll();
        return so();
    });
}

/// The connections of both stand still for so long.
bool at_rest(UplinkBench& one, UplinkBench& other, std::chrono::milliseconds time) {
    const auto before = one.connections + other.connections;
    const runtime::SystemClock clock;
    const auto end = clock.now().instant + time;
    return both_until(one, other, [&] { return clock.now().instant >= end; }) &&
           one.connections + other.connections == before;
}

TEST_CASE("Of two gates with one identity one stands down after a few connections and the other goes on") {
    const Mosquitto broker;
    UplinkBench one{broker.uri()};
    UplinkBench two{broker.uri()};
    clone_of(two);
    one.write(3);
    two.write(3);
    one.make();
    REQUIRE(one.until_online());
    two.make();
    REQUIRE(both_until(one, two, [&] { return one.uplink().view().taken_over || two.uplink().view().taken_over; }));
    REQUIRE(both_until(one, two, [&] { return one.uplink().view().online || two.uplink().view().online; }));
    CHECK(one.uplink().view().taken_over != two.uplink().view().taken_over);
    CHECK(at_rest(one, two, 2s));  // a hundred first pauses
    CHECK(one.connections + two.connections <= 10);
    auto& down = one.uplink().view().taken_over ? one : two;
    auto& up = one.uplink().view().taken_over ? two : one;
    CHECK(down.uplink().view().cause == "taken_over");
    CHECK(up.uplink().view().online);

    SECTION("what stays on the topic is the status of the one that is there") {
        MqttProbe consumer{broker.uri(), "consumer"};
        consumer.subscribe(prefix + "/status");
        REQUIRE(both_until(one, two, [&] { return consumer.count(prefix + "/status") > 0; }));
        const auto status = consumer.payloads(prefix + "/status").front();
        CHECK(read_status(status).value().process == up.start().process);
        CHECK_THAT(status, testing::contains_text(R"("state":"online")"));
    }
    SECTION("at an operator's word it comes back for good when the other is gone") {
        up.destroy();
        CHECK(down.uplink().resume());
        REQUIRE(down.until_online());
        down.pass(500ms);
        CHECK(down.uplink().view().online);
        CHECK_FALSE(down.uplink().view().taken_over);
    }
}

TEST_CASE("Brokers that go and come do not look like a twin") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    MqttProbe earlier{broker.uri(), "an-earlier-box"};
    const SessionIdentity other{UplinkBench::stream, BootId{}, *ProcessId::parse(std::string(32, 'c')), 900};
    earlier.publish(prefix + "/status", write_offline(other), true);
    bench.make();
    REQUIRE(bench.until_online());
    for (int i = 0; i < 4; ++i) {
        broker.kill();
        REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
        broker.start();
        REQUIRE(bench.until_online());
    }
    CHECK_FALSE(bench.uplink().view().taken_over);
}

TEST_CASE("A status that somebody publishes while we are connected ends nothing") {
    const Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    MqttProbe stranger{broker.uri(), "stranger"};
    for (int i = 0; i < 5; ++i) {
        const SessionIdentity other{UplinkBench::stream, BootId{}, *ProcessId::parse(std::string(32, 'c')), i};
        stranger.publish(prefix + "/status", write_offline(other), true);
    }
    bench.pass(300ms);
    CHECK(bench.uplink().view().online);
    CHECK(bench.connections == 1);
}

TEST_CASE("A status that cannot be one is refused and changes nothing") {
    const Mosquitto broker;
    MqttProbe stranger{broker.uri(), "stranger"};
    stranger.publish(prefix + "/status", "no status", true);
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    CHECK(bench.refused_for(InboundCause::not_json));
}

}  // namespace
}  // namespace portcullis::uplink
