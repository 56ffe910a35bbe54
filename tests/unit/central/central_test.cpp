// Central over a real broker: against a gate's uplink, and against gates that lie.
#include "simulators/central/central.hpp"

#include <boost/asio/post.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_probe.hpp"
#include "tests/unit/central/gate_events.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::central {
namespace {

using namespace std::chrono_literals;
using testing::Mosquitto;
using testing::MqttProbe;

const std::string prefix = "portcullis/xmht/g07";
constexpr auto patience = 30s;

CentralSettings settings_for(const Mosquitto& broker, std::filesystem::path state = {}) {
    return {.broker = broker.uri(),
            .prefix = prefix,
            .terminal = "xmht",
            .key = SigningKey::from_hex(std::string(64, '1')),
            .schemas = "docs/events",
            .state = std::move(state)};
}

std::string online(std::int64_t last) {
    return R"({"state":"online","stream":")" + stream_text + R"(","connection":1,"last":)" + std::to_string(last) + "}";
}

/// A directory of its own, removed with it.
class Directory {
public:
    Directory() : path_(std::filesystem::temp_directory_path() / ("portcullis-central-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(path_);
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    Directory(Directory&&) = delete;
    Directory& operator=(Directory&&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A gate's uplink over a journal in memory, on a thread of its own.
class Gate {
public:
    explicit Gate(const Mosquitto& broker) {
        uplink::UplinkSettings settings;
        settings.name = "supervision";
        settings.brokers = {broker.uri()};
        settings.prefix = prefix;
        settings.reconnect_first = 20ms;
        settings.reconnect_most = 200ms;
        uplink::UplinkStart start;
        start.stream = *StreamId::parse(stream_text);
        start.version = "0.1.0";
        uplink_.emplace(uplink::UplinkRuntime{context_, clock_, worker_,
                                              runtime::Log{runtime::Log::Form::plain, runtime::LogLevel::error}},
                        settings, start, ports());
        thread_ = std::thread{[this] {
            const auto work = boost::asio::make_work_guard(context_);
            context_.run();
        }};
        boost::asio::post(context_, [this] { uplink_->start(); });
    }
    ~Gate() {
        context_.stop();
        thread_.join();
        uplink_.reset();
    }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    Gate(Gate&&) = delete;
    Gate& operator=(Gate&&) = delete;

    void write(std::size_t count) {
        boost::asio::post(context_, [this, count] {
            for (auto& event : events_.write(count)) {
                journal_.push_back(std::move(event));
            }
            uplink_->journal_grew(static_cast<uplink::Sequence>(journal_.size()));
        });
    }
    /// Batches that came.
    [[nodiscard]] std::vector<std::string> orders() {
        const std::lock_guard lock{mutex_};
        return orders_;
    }
    [[nodiscard]] std::int64_t acknowledged() {
        const std::lock_guard lock{mutex_};
        return acknowledged_;
    }
    void needs(const std::string& authority, std::int64_t from) {
        boost::asio::post(context_, [this, authority, from] { uplink_->request_orders({Authority{authority}, from}); });
    }

private:
    uplink::UplinkPorts ports() {
        return {.random = [] { return 0.5; },
                .sha256 = [](std::string_view bytes) { return trust::sha256(bytes); },
                .read_rows =
                    [this](uplink::Sequence from, std::size_t most, const uplink::UplinkPorts::Rows& rows) {
                        std::vector<uplink::StoredEvent> found;
                        for (auto i = static_cast<std::size_t>(from - 1); i < journal_.size() && found.size() < most;
                             ++i) {
                            found.push_back({static_cast<uplink::Sequence>(i + 1), journal_[i], {}, {}});
                        }
                        boost::asio::post(context_, [rows, found] { rows(found); });
                    },
                .acknowledged =
                    [this](uplink::Sequence sequence) {
                        const std::lock_guard lock{mutex_};
                        acknowledged_ = sequence;
                    },
                .passed = [](uplink::Sequence) {},
                .lost = [](const uplink::LostEvents&) {},
                .redact = {},
                .next_connection = [this] { return ++connection_; },
                .orders_needed = [] { return std::vector<uplink::OrdersNeed>{}; },
                .document =
                    [this](uplink::InboundDocument document) {
                        const std::lock_guard lock{mutex_};
                        orders_.push_back(std::move(document.bytes));
                    },
                .link_changed = [](const uplink::LinkFact&) {},
                .refused = [](const uplink::InboundRefusal&) {}};
    }

    runtime::SystemClock clock_;
    boost::asio::io_context context_;  ///< outlives the worker: what Paho says last is posted to it
    runtime::Worker worker_{{.name = "paho", .capacity = uplink::worker_capacity}, clock_};
    GateEvents events_;
    std::vector<std::string> journal_;
    std::int64_t connection_ = 0;
    std::mutex mutex_;
    std::vector<std::string> orders_;  // guarded by mutex_
    std::int64_t acknowledged_ = 0;    // guarded by mutex_
    std::optional<uplink::Uplink> uplink_;
    std::thread thread_;
};

template <class Condition>
bool soon(Condition condition) {
    const runtime::SystemClock clock;
    const auto until = clock.now().instant + patience;
    while (!condition()) {
        if (clock.now().instant > until) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

void check_complete(const CentralReport& report, std::int64_t last) {
    CAPTURE(report.first_error);
    CHECK(report.last == last);
    CHECK(report.events == last);
    CHECK(report.gaps == 0);
    CHECK(report.reordered == 0);
    CHECK(report.chain_ok);
}

TEST_CASE("Central stores a gate's events once, in order, and acknowledges them") {
    const Mosquitto broker;
    const runtime::SystemClock clock;
    Central central{settings_for(broker), clock};
    central.start();
    Gate gate{broker};
    gate.write(250);
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 250; }, patience));
    REQUIRE(soon([&] { return gate.acknowledged() == 250; }));
    check_complete(central.report(), 250);
    CHECK(central.events(250).size() == 1);
}

TEST_CASE("After an outage of central and a broker that died and forgot, central holds every event once") {
    Mosquitto broker;
    const runtime::SystemClock clock;
    Central central{settings_for(broker), clock};
    central.start();
    Gate gate{broker};
    gate.write(100);
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 100; }, patience));

    central.stop();
    gate.write(300);
    central.start();
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 400; }, patience));

    broker.kill();
    gate.write(100);
    broker.start();
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 500; }, patience));
    gate.write(1);
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 501; }, patience));
    REQUIRE(soon([&] { return gate.acknowledged() == 501; }));
    check_complete(central.report(), 501);
}

TEST_CASE("A central that is started again goes on from what it has on disk") {
    const Directory directory;
    const Mosquitto broker;
    const runtime::SystemClock clock;
    Gate gate{broker};
    {
        Central central{settings_for(broker, directory.path()), clock};
        central.publish_orders("ciq", {R"({"op":"revoke","order":"R-1"})"});
        central.start();
        gate.write(50);
        REQUIRE(central.wait_for([](const auto& report) { return report.last == 50; }, patience));
    }
    // A kill in the middle of a line leaves a torn one.
    std::ofstream{directory.path() / "events.jsonl", std::ios::app} << R"({"bootid":"c2a9)";
    Central central{settings_for(broker, directory.path()), clock};
    CHECK(central.report().last == 50);
    central.start();
    gate.write(50);
    REQUIRE(central.wait_for([](const auto& report) { return report.last == 100; }, patience));
    check_complete(central.report(), 100);
    gate.needs("ciq", 1);
    REQUIRE(soon([&] { return !gate.orders().empty(); }));
}

TEST_CASE("Central sends orders, and sends again what a gate asks for") {
    const Mosquitto broker;
    const runtime::SystemClock clock;
    Central central{settings_for(broker), clock};
    central.start();
    Gate gate{broker};
    REQUIRE(central.wait_for([](const auto& report) { return report.gate_online; }, patience));
    central.publish_orders("ciq", {R"({"op":"revoke","order":"R-1"})"});
    central.publish_orders("ciq", {R"({"op":"revoke","order":"R-2"})"});
    REQUIRE(soon([&] { return gate.orders().size() == 2; }));
    gate.needs("ciq", 2);
    REQUIRE(soon([&] { return gate.orders().size() == 3; }));
    CHECK(gate.orders().at(2) == gate.orders().at(1));
}

TEST_CASE("Orders that were made during central's outage go out when it is back") {
    const Mosquitto broker;
    const runtime::SystemClock clock;
    Central central{settings_for(broker), clock};
    MqttProbe gate{broker.uri(), "gate"};
    gate.subscribe(prefix + "/order");
    central.publish_orders("ciq", {R"({"op":"revoke","order":"R-1"})"});
    central.start();
    REQUIRE(soon([&] { return gate.count(prefix + "/order") == 1; }));
}

TEST_CASE("A gate that drops, swaps or changes events is found out") {
    const Mosquitto broker;
    const runtime::SystemClock clock;
    Central central{settings_for(broker), clock};
    MqttProbe gate{broker.uri(), "gate"};
    gate.subscribe(prefix + "/#");
    central.start();
    GateEvents stream;
    auto events = stream.write(4);
    gate.publish(prefix + "/status", online(0), true);
    REQUIRE(central.wait_for([](const auto& report) { return report.gate_online; }, patience));

    SECTION("drops") {
        for (const auto i : {0U, 1U, 3U}) {
            gate.publish(prefix + "/event", events[i]);
        }
        REQUIRE(central.wait_for([](const auto& report) { return report.gaps == 2; }, patience));
        REQUIRE(soon([&] { return gate.count(prefix + "/replay") >= 1; }));
        CHECK(gate.payloads(prefix + "/replay").front() == R"({"from":3,"stream":")" + stream_text + R"("})");
    }
    SECTION("swaps") {
        for (const auto i : {0U, 2U, 1U, 3U}) {
            gate.publish(prefix + "/event", events[i]);
        }
        REQUIRE(central.wait_for([](const auto& report) { return report.reordered == 1; }, patience));
    }
    SECTION("changes") {
        auto& byte = events[1].at(events[1].find(R"("monotonicns":")") + 15);
        byte = byte == '1' ? '2' : '1';
        for (const auto& event : events) {
            gate.publish(prefix + "/event", event);
        }
        REQUIRE(central.wait_for([](const auto& report) { return report.last == 4; }, patience));
        CHECK_FALSE(central.report().chain_ok);
        CHECK_THAT(central.report().first_error, testing::contains_text("event 3"));
    }
}

}  // namespace
}  // namespace portcullis::central
