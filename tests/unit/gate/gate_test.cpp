#include "gate/gate.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/canonical.hpp"
#include "gate/load_plan.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/gate/signed_batch.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::testing::DiskFault;
using store::testing::FaultyDisk;

/// The machine's clocks, which a test can put forward.
class MovedClock final : public runtime::Clock {
public:
    [[nodiscard]] Now now() const override {
        auto now = clock_.now();
        now.instant += std::chrono::milliseconds{moved_ms_.load()};
        now.wall += std::chrono::milliseconds{moved_ms_.load()};
        return now;
    }
    void put_forward(std::chrono::milliseconds by) { moved_ms_ += by.count(); }

private:
    runtime::SystemClock clock_;
    std::atomic<std::int64_t> moved_ms_ = 0;
};

/// A whole gate of one lane: its module takes connections and never answers, its broker is not there.
class GateBench {
public:
    /// `before`: what the state directory has been through.
    explicit GateBench(const std::string& file_system = {},
                       const std::function<void(const std::filesystem::path& state)>& before = {})
        : file_system_(file_system) {
        const auto port = std::to_string(mute_.local_endpoint().port());
        const auto folder = directory_.path();
        std::ofstream{folder / "policy.yaml"} << portcullis::testing::file_text("config/policy.yaml");
        std::ofstream{folder / "gate.yaml"}
            << "gate: { terminal: xmht, name: g07 }\n"
            << "state: " << (folder / "state").string() << "\n"
            << "control_socket: " << socket().string() << "\n"
            << "uplink:\n  - { name: supervision, broker: mqtt://127.0.0.1:1 }\n"
            << "trust: { orders_key: " << testing::orders_key().public_key().text() << " }\n"
            << "policy: policy.yaml\n"
            << "buses:\n  field: { modbus_tcp: 127.0.0.1:" << port << " }\n  plates: { tcp: 127.0.0.1:1 }\n"
            << R"(devices:
  io: { profile: advantech-adam-6050, bus: field, unit: 1, poll: 20 ms }
  plate: { profile: plate-line-gbk, bus: plates }
  box: { profile: container-registers, bus: field, unit: 2 }
lanes:
  out-1:
    way: out
    arm: { control: pulse, close: daemon_request, on_power_loss: stays, on_power_return: stays }
    on_inspect: open
    on_hold: wait_person
    load: trust_readers
    requires: [plate, container]
    roles:
      arrival_loop: io.di0
      arm_loop: io.di1
      exit_loop: io.di2
      arm_open_limit: io.di3
      arm_closed_limit: io.di4
      arm_up: { point: io.do0, pulse: 500 ms }
      arm_down_request: { point: io.do1, pulse: 500 ms }
      light_go: io.do2
      plate_front: plate
      container_rear: box
)";
        auto loaded = load_plan(folder / "gate.yaml", {"config/profiles"});
        for (const auto& problem : loaded.problems) {
            FAIL(problem.message());
        }
        plan_ = std::move(loaded.plan);
        std::filesystem::create_directories(plan_->state);
        if (before) {
            before(plan_->state);
        }
        auto journal = store::Journal::open({plan_->state, file_system_, {}}, trust::random_ids(sodium_));
        auto orders = store::OrderCache::open({plan_->state, {}, 50, false, {}});
        REQUIRE(journal.ok());
        REQUIRE(orders.ok());
        auto key = open_gate_key(plan_->state, trust::random_ids(sodium_));
        REQUIRE(key.ok());
        gate_ = std::make_unique<Gate>(
            Gate::Surroundings{context_, clock, log_, sodium_, *BootId::parse(std::string(32, '1'))}, *plan_,
            Stores{std::move(journal).value(), std::move(orders).value(), std::move(key).value(),
                   trust::BoxKeyPair::parse(std::string(64, '1')).value()});
        gate_->start();
    }

    [[nodiscard]] Gate& gate() { return *gate_; }

    /// What `portcullis status` is told.
    Value status() {
        auto answer =
            std::async(std::launch::async, [path = socket()] { return console::ask_control_socket(path, "status"); });
        while (answer.wait_for(0s) != std::future_status::ready) {
            context_.run_one_for(10ms);
        }
        return codec::parse_value(answer.get()).value();
    }
    void until(const std::function<bool(const Value&)>& condition) {
        for (int i = 0; !condition(status()); ++i) {
            REQUIRE(i < 1000);
            context_.run_one_for(100ms);
        }
    }
    /// Until the context is stopped, then takes the gate down; every event that it left, in order.
    std::vector<std::string> run_down() {
        context_.run();
        std::ignore = gate_->end_workers();
        exit_code = gate_->exit_code();
        gate_.reset();
        FaultyDisk::heal();
        const auto journal = store::Journal::open({plan_->state, {}, {}}, trust::random_ids(sodium_)).value();
        stopped_clean = journal->start().previous_stop_clean;
        std::vector<std::string> events;
        auto rows = journal->read_from(1, 10'000, 100'000'000).value();
        for (auto& row : rows) {
            events.push_back(std::move(row.published));
        }
        return events;
    }

    MovedClock clock;
    int exit_code = -1;
    bool stopped_clean = false;

private:
    [[nodiscard]] std::filesystem::path socket() const { return directory_.path() / "control"; }

    store::testing::TemporaryDirectory directory_;
    std::string file_system_;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor mute_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    trust::Sodium sodium_;
    std::optional<GatePlan> plan_;
    std::unique_ptr<Gate> gate_;
};

/// The events of a type, as values.
std::vector<Value> of_type(const std::vector<std::string>& events, const std::string& type) {
    std::vector<Value> found;
    for (const auto& event : events) {
        auto value = codec::parse_value(event).value();
        if (*value.find("type")->get<std::string>() == "portcullis." + type + ".v1") {
            found.push_back(std::move(value));
        }
    }
    return found;
}

std::int64_t connection_of(const Value& status) {
    return *status.find("uplinks")->get<List>()->front().find("connection")->get<std::int64_t>();
}

}  // namespace

TEST_CASE("a gate without an answer from module and broker stops in order, its last event durable") {
    GateBench bench;
    bench.until([](const Value& status) { return status.find("journal") != nullptr; });
    bench.gate().stop("signal");
    const auto events = bench.run_down();
    CHECK(bench.exit_code == 0);
    CHECK(bench.stopped_clean);
    REQUIRE_FALSE(events.empty());
    CHECK_FALSE(of_type({events.front()}, "stream.opened").empty());
    CHECK(of_type(events, "stream.closing").size() == 1);
}

TEST_CASE("a stop that cannot commit ends all the same, and says so") {
    GateBench bench{FaultyDisk::name()};
    bench.until([](const Value& status) { return status.find("journal") != nullptr; });
    FaultyDisk::fail(DiskFault::full, 1, true);
    bench.gate().stop("signal");
    const auto events = bench.run_down();
    CHECK(bench.exit_code == 4);
    CHECK_FALSE(bench.stopped_clean);
    CHECK(of_type(events, "stream.closing").empty());
}

TEST_CASE("a journal that lost its newest entries is set aside and the stream after it tells of it") {
    GateBench bench{{}, [](const std::filesystem::path& state) {
                        {
                            auto journal = store::testing::open_journal(state);
                            std::ignore = journal->append(store::testing::events_after(*journal, 3));
                            std::ignore = journal->checkpoint();
                            std::filesystem::copy_file(state / "journal.db", state / "image");
                            std::ignore = journal->append(store::testing::events_after(*journal, 2));
                        }
                        std::filesystem::rename(state / "image", state / "journal.db");
                        std::filesystem::remove(state / "journal.db-wal");
                    }};
    bench.until([](const Value& status) { return status.find("journal") != nullptr; });
    bench.gate().stop("signal");
    const auto told = of_type(bench.run_down(), "journal.verify_failed");
    REQUIRE(told.size() == 1);
    const auto* data = told.front().find("data");
    CHECK(*data->find("kind")->get<std::string>() == "set_aside");
    CHECK(data->find("detail")->get<std::string>()->find("ends at entry 3, and entry 5") != std::string::npos);
}

TEST_CASE("a gate without its centre knows how old its oldest unacknowledged event is") {
    GateBench bench;
    const auto age = [](const Value& status) { return status.find("gate")->find("oldest_s")->get<std::int64_t>(); };
    const auto backlog = [](const Value& status) { return *status.find("gate")->find("backlog")->get<std::int64_t>(); };
    bench.until([&](const Value& status) { return backlog(status) > 0 && age(status) != nullptr; });
    bench.clock.put_forward(1h);
    const auto status = bench.status();
    REQUIRE(age(status) != nullptr);
    CHECK(*age(status) >= 3600);
    // An attempt to connect is when the uplink looks at its watch; with the one after it, it surely has.
    bench.until([&](const Value& later) { return connection_of(later) > connection_of(status) + 1; });
    bench.gate().stop("signal");
    const auto told = of_type(bench.run_down(), "link.state");
    REQUIRE_FALSE(told.empty());
    const auto* oldest = told.front().find("data")->find("oldest_s")->get<std::int64_t>();
    REQUIRE(oldest != nullptr);
    CHECK(*oldest >= 3600);
}

}  // namespace portcullis::gate
