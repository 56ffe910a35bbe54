#include "tests/bench/drain_gate.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "simulators/central/order_office.hpp"
#include "tests/bench/bench_orders.hpp"
#include "tests/fault/link/event_source.hpp"

namespace portcullis::bench {

namespace {

using namespace std::chrono_literals;

constexpr int events_a_commit = 1000;

std::string broker_settings(int receive_maximum) {
    return "max_inflight_messages " + std::to_string(receive_maximum) + "\nmax_queued_messages 100000";
}

central::SigningKey signing_key() {
    return central::SigningKey::from_hex(std::string(64, '7'));
}

}  // namespace

DrainGate::DrainGate(boost::asio::io_context& context, const runtime::Clock& clock, Plan plan)
    : context_(context),
      clock_(clock),
      plan_(std::move(plan)),
      broker_(broker_settings(plan_.receive_maximum)),
      timer_(context),
      listen_again_(context),
      listener_(context, "bench",
                {.connected = [] {},
                 .message = [this](const fault::MqttPeer::Message& message) { arrived(message); },
                 .lost =
                     [this] {
                         listen_again_.expires_after(100ms);
                         listen_again_.async_wait([this](const boost::system::error_code& error) {
                             if (!error) {
                                 listen(heard_filters_);
                             }
                         });
                     }}) {
    std::filesystem::create_directories(plan_.folder);
    for (int i = 0; i < plan_.lanes; ++i) {
        lanes_.push_back(
            std::make_unique<BenchLane>(context_, clock_, "lane-" + std::to_string(i), BenchLane::Last::container));
    }
    write_settings(signing_key().public_key());
    notify_ = std::make_unique<rig::NotifySocket>(context_, plan_.folder / "notify", [this](std::string_view said) {
        ready_ = ready_ || said.starts_with("READY=1");
    });
}

void DrainGate::write_settings(const std::string& orders_key) const {
    std::ofstream{plan_.folder / "policy.yaml"}
        << "rows:\n  - { way: in, movement: export_laden, without_order: release }\n";
    std::ofstream settings{plan_.folder / "gate.yaml"};
    settings << "gate: { terminal: bench, name: g1, test_bench: true }\nstate: " << (plan_.folder / "state").string()
             << "\ncontrol_socket: " << (plan_.folder / "control").string()
             << "\nuplink:\n  - { name: supervision, broker: \"" << broker_.uri()
             << "\", required: true }\ntrust: { orders_key: " << orders_key << " }\npolicy: policy.yaml\n";
    const auto section = [&](const char* head, auto text) {
        settings << head;
        for (const auto& one : lanes_) {
            settings << text(*one);
        }
    };
    section("buses:\n", [](const BenchLane& one) { return one.buses_text(); });
    section("devices:\n", [](const BenchLane& one) { return one.devices_text(); });
    section("lanes:\n", [](const BenchLane& one) { return one.lane_text(); });
}

void DrainGate::prepare() {
    listen({prefix_ + "/event", prefix_ + "/status"});
    start_daemon();
    turn_until("the gate's birth", 20s, [this] { return gate_online_; });
    central::OrderOffice office{signing_key(), "bench"};
    const auto now = clock_.now().wall;
    listener_.publish(
        prefix_ + "/order",
        office.issue(
            {.authority = "ciq", .orders = {order_object(1)}, .issued = now, .expires = now + std::chrono::hours{24}}));
    turn_until("the orders to be applied", 20s, [this] { return orders_applied_; });
    stop_daemon();
    lengthen_journal();
}

void DrainGate::lengthen_journal() {
    const auto journal = fault::open_journal(plan_.folder / "state");
    fault::EventSource source{*journal, clock_};
    for (std::int64_t written = 0; written < plan_.events; written += events_a_commit) {
        auto batch = source.next(static_cast<int>(std::min<std::int64_t>(events_a_commit, plan_.events - written)));
        batch.clean_stop = written + events_a_commit >= plan_.events;
        const bool committed = journal->append(batch) == store::StoreOutcome::committed;
        if (!committed || (journal->checkpoint_due() && journal->checkpoint() != store::StoreOutcome::committed)) {
            throw std::runtime_error{"the journal does not commit: " + journal->failure()};
        }
    }
    stored_ = journal->last().sequence;
    while (first_rows_.size() < kept_rows_) {
        auto rows = journal->read_from(static_cast<std::int64_t>(first_rows_.size()) + 1, events_a_commit, 1U << 24U);
        if (!rows || rows.value().empty()) {
            throw std::runtime_error{"the journal cannot be read"};
        }
        for (auto& row : std::move(rows).value()) {
            first_rows_.push_back(std::move(row.published));
        }
    }
    first_rows_.resize(kept_rows_);
}

void DrainGate::start_daemon() {
    ready_ = false;
    auto arguments = plan_.launcher;
    for (const auto& argument :
         {plan_.daemon.string(), std::string{"--settings"}, (plan_.folder / "gate.yaml").string(),
          std::string{"--profiles"}, plan_.profiles.string()}) {
        arguments.push_back(argument);
    }
    auto environment = plan_.environment;
    environment["NOTIFY_SOCKET"] = (plan_.folder / "notify").string();
    daemon_.emplace(std::move(arguments), plan_.folder / "portcullisd.log", environment);
    turn_until("the daemon's readiness", 120s, [this] { return ready_; });
}

void DrainGate::stop_daemon() {
    daemon_->signal(SIGTERM);
    std::optional<int> code;
    turn_until("the daemon's end", 10s, [&] { return (code = daemon_->ended()).has_value(); });
    if (*code != 0) {
        throw std::runtime_error{"the daemon ended with " + std::to_string(*code)};
    }
    daemon_.reset();
}

void DrainGate::start_consumer(const std::string& prefix) {
    acks_.clear();
    // The bench takes no events meanwhile: that would be a second consumer's load on the broker.
    listen({prefix + "/ack"});
    const auto name = "consumer-" + std::to_string(++consumers_);
    consumer_.emplace(
        std::vector<std::string>{"docs/central/consumer.py", "--broker", "127.0.0.1:" + std::to_string(broker_.port()),
                                 "--prefix", prefix, "--store", (plan_.folder / (name + ".db")).string(), "--client-id",
                                 name},
        plan_.folder / (name + ".log"));
    pass(1500ms);  // it says nothing when it is there
}

void DrainGate::stop_consumer() {
    consumer_->signal(SIGTERM);
    if (!consumer_->wait(20s)) {
        throw std::runtime_error{"the consumer does not end"};
    }
    consumer_.reset();
}

void DrainGate::listen(std::vector<std::string> filters) {
    heard_filters_ = std::move(filters);
    listener_.connect(broker_.port(), heard_filters_);
}

void DrainGate::arrived(const fault::MqttPeer::Message& message) {
    if (message.topic.ends_with("/ack")) {
        const auto sequence = boost::json::parse(message.payload).at("sequence").to_number<std::int64_t>();
        if (sequence > acknowledged()) {
            acks_.push_back({sequence, clock_.now().instant});
        }
    } else if (message.topic.ends_with("/status")) {
        gate_online_ = message.payload.find("\"online\"") != std::string::npos;
    } else if (message.payload.find("\"portcullis.order.batch.v1\"") != std::string::npos) {
        orders_applied_ = true;
    }
}

const DrainGate::Ack& DrainGate::end_of_backlog() const {
    const auto end =
        std::find_if(acks_.begin(), acks_.end(), [this](const Ack& ack) { return ack.sequence >= stored_ - tail; });
    if (end == acks_.end()) {
        throw std::logic_error{"the backlog is not through"};
    }
    return *end;
}

double DrainGate::seconds() const {
    return std::chrono::duration<double>(end_of_backlog().at - acks_.front().at).count();
}

double DrainGate::events_per_second() const {
    return static_cast<double>(end_of_backlog().sequence - acks_.front().sequence) / seconds();
}

void DrainGate::send_truck() {
    const auto idle = std::find_if(lanes_.begin(), lanes_.end(), [](const auto& one) { return one->idle(); });
    if (idle == lanes_.end()) {
        throw std::logic_error{"no lane is free"};
    }
    (*idle)->begin([](double) {});
}

double DrainGate::one_passage() {
    const auto idle = [&] {
        return std::find_if(lanes_.begin(), lanes_.end(), [](const auto& one) { return one->idle(); });
    };
    turn_until("an idle lane", 60s, [&] { return idle() != lanes_.end(); });
    pass(std::chrono::milliseconds{20 + static_cast<int>(random_() % 100)});
    std::optional<double> took;
    (*idle())->begin([&](double milliseconds) { took = milliseconds; });
    turn_until("the arm", 60s, [&] { return took.has_value(); });
    return *took;
}

void DrainGate::pass(std::chrono::milliseconds time) {
    bool over = false;
    timer_.expires_after(time);
    timer_.async_wait([&](const boost::system::error_code&) { over = true; });
    turn_until("time to pass", 60s, [&] { return over; });
}

void DrainGate::turn_until(const std::string& what, std::chrono::seconds patience, const std::function<bool()>& so) {
    const auto limit = clock_.now().instant + patience;
    while (!so()) {
        context_.run_one_for(50ms);
        if (clock_.now().instant > limit) {
            throw std::runtime_error{"gave up waiting for " + what};
        }
    }
}

double DrainGate::resident_kib() const {
    std::ifstream file{"/proc/" + std::to_string(daemon_->pid()) + "/statm"};
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
}

double DrainGate::cpu_seconds() const {
    std::ifstream file{"/proc/" + std::to_string(daemon_->pid()) + "/stat"};
    std::string line;
    std::getline(file, line);
    std::istringstream fields{line.substr(line.rfind(')') + 2)};
    std::string skipped;
    for (int i = 0; i < 11; ++i) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace portcullis::bench
