#include "tests/fault/hostile/hostile_bench.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "console/control_socket.hpp"
#include "simulators/story/order_objects.hpp"
#include "tests/support/mqtt_probe.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;

/// The status comes from the thread that decides: one that is later than this is a decision missed.
constexpr auto answers_within = 1s;
constexpr int names_of_broker = 8;
/// After it: an attempt at a silent broker takes ten seconds, a pause at most sixty.
constexpr auto good_session_within = 90s;
/// A vehicle's longest way: it waits six seconds in vain, goes back, and its lane is free.
constexpr auto vehicles_end_within = 60s;
constexpr std::size_t lanes = 4;
/// More than four lanes let through in the longest flood, and not too many for one batch.
constexpr std::size_t most_vehicles = 300;

rig::GatePlan plan_of(const std::filesystem::path& folder) {
    const auto* programs = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): before any thread
    rig::GatePlan plan{"g1",
                       folder / "g1",
                       std::filesystem::path{programs != nullptr ? programs : "build/release/bin"} / "portcullisd",
                       ".",
                       {},
                       1.0};
    for (std::size_t lane = 1; lane <= lanes; ++lane) {
        plan.lanes.push_back({"out-" + std::to_string(lane), {}});
    }
    return plan;
}

}  // namespace

HostileBench::HostileBench()
    : gate_(context_, plan_of(folder_.path()), clock_),
      broker_(context_, static_cast<std::uint16_t>(gate_.broker().port())) {
    std::ifstream in{gate_.settings()};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    // One broker under many names: a pause comes only when each has had its turn.
    std::string brokers;
    for (int i = 1; i <= names_of_broker; ++i) {
        brokers += (i == 1 ? "" : ", ") + ("\"mqtt://127.0.0." + std::to_string(i)) + ":" +
                   std::to_string(broker_.port()) + "\"";
    }
    const auto one = "broker: \"" + gate_.broker().uri() + "\"";
    text.replace(text.find(one), one.size(), "broker: [" + brokers + "]");
    std::ofstream{gate_.settings()} << text;
    gate_.handle({.ready = [] {},
                  .event = [](const std::string&) {},
                  .daemon_ended =
                      [this](const std::string& why) {
                          ++crashes;
                          std::cerr << why << '\n';
                          start_daemon();
                      }});
    for (auto& lane : gate_.lanes()) {
        players_.emplace_back(*lane, clock_, players_.size() + 1);
        lane->on_step([&player = players_.back()] { player.step(); });
    }
    start_daemon();
    if (!good_session(good_session_within)) {
        throw std::runtime_error("no good session to begin with");
    }
    look_at_memory();
    resident_first = resident_most;
}

void HostileBench::start_daemon() {
    answered_ = false;
    gate_.start_daemon();
}

void HostileBench::run(const HostileCase& hostile) {
    broker_.play(hostile);
    if (!until([this] { return broker_.played(); }, good_session_within)) {
        throw std::runtime_error(hostile.name + ": the daemon never came to be played with");
    }
    pass(300ms);
    look_at_memory();
    broker_.play({});
    recover(hostile.name);
}

void HostileBench::recover(const std::string& from) {
    const bool good = good_session(good_session_within);
    look_at_memory();
    stuck += good ? 0 : 1;
    std::cerr << from << (good ? ": survived, " : ": STUCK, ") << resident_most << " KiB at most, " << crashes
              << " crashes, " << missed << " answers missed\n";
    if (!good) {
        gate_.kill_daemon();
        start_daemon();
    }
}

void HostileBench::poison(const std::vector<std::string>& topics, int starts) {
    testing::MqttProbe poisoner{gate_.broker().uri(), "poisoner"};
    const std::string garbage{"{\"payload\":\"\xff\xfe\0[[[[", 19};
    for (const auto& topic : topics) {
        poisoner.publish(topic, garbage, true);
    }
    for (int i = 1; i <= starts; ++i) {
        gate_.kill_daemon();
        start_daemon();
        recover("start " + std::to_string(i) + " with retained poison");
        ++poisoned_starts;
    }
    for (const auto& topic : topics) {
        poisoner.publish(topic, "", true);  // nothing: the broker forgets what it kept
    }
}

FloodCount HostileBench::vehicles_in(const HostileCase& flood, std::chrono::seconds time) {
    std::mt19937_64 random{7};
    vehicles_ = run::random_passages(most_vehicles, random);
    for (auto& vehicle : vehicles_) {
        vehicle.kind = run::PassageKind::released;
    }
    if (!good_session_with(run::orders_for(vehicles_, clock_.now().wall), good_session_within)) {
        throw std::runtime_error("the orders for the flood do not come in");
    }
    broker_.play(flood);
    if (!until([this] { return broker_.written() > 0; }, good_session_within)) {
        throw std::runtime_error("the daemon never came to be flooded");
    }
    const auto end = clock_.now().instant + time;
    static_cast<void>(until(
        [&] {
            let_vehicles_come();
            return clock_.now().instant > end;
        },
        2 * time));
    static_cast<void>(
        until([this] { return std::ranges::all_of(players_, &run::ShortPassages::idle); }, vehicles_end_within));
    look_at_memory();
    const FloodCount count{served(), unserved(), broker_.written() / 1'000'000};
    broker_.play({});
    recover(flood.name);
    return count;
}

FloodCount HostileBench::break_on_purpose() {
    const auto before_missed = unserved();
    ::kill(gate_.daemon_pid(), SIGSTOP);
    const auto give_up = clock_.now().instant + vehicles_end_within;
    while (unserved() == before_missed && clock_.now().instant < give_up) {
        let_vehicles_come();
        context_.run_for(20ms);
    }
    ask();
    ::kill(gate_.daemon_pid(), SIGCONT);
    broker_.be_silent();
    stuck += good_session(1s) ? 0 : 1;
    const auto before = crashes;
    ::kill(gate_.daemon_pid(), SIGKILL);
    static_cast<void>(until([&] { return crashes > before; }, 5s));
    return {0, unserved() - before_missed, 0};
}

void HostileBench::let_vehicles_come() {
    for (auto& player : players_) {
        if (player.idle() && !vehicles_.empty()) {
            player.play(vehicles_.back());
            vehicles_.pop_back();
        }
    }
}

std::int64_t HostileBench::unserved() const {
    std::int64_t sum = 0;
    for (const auto& player : players_) {
        sum += player.unserved();
    }
    return sum;
}

std::int64_t HostileBench::served() const {
    std::int64_t sum = -unserved();
    for (const auto& player : players_) {
        sum += player.played();
    }
    return sum;
}

void HostileBench::ask() {
    ++asked;
    status_.reset();
    try {
        const auto text = console::ask_control_socket(gate_.state() / "control", "status", answers_within);
        const auto answer = boost::json::parse(text).as_object();
        answered_ = true;
        if (answer.contains("uplinks") && !answer.at("uplinks").as_array().empty()) {  // not while it starts
            status_ = answer;
        }
    } catch (const std::exception&) {
        missed += answered_ ? 1 : 0;  // the control socket of a new daemon is not there at once
    }
}

bool HostileBench::until(const std::function<bool()>& so, std::chrono::milliseconds patience) {
    const auto give_up = clock_.now().instant + patience;
    while (!so()) {
        if (clock_.now().instant > give_up) {
            return false;
        }
        context_.run_for(20ms);
        if (gate_.daemon_runs()) {
            ask();
        }
    }
    return true;
}

void HostileBench::pass(std::chrono::milliseconds time) {
    const auto end = clock_.now().instant + time;
    static_cast<void>(until([&] { return clock_.now().instant > end; }, 2 * time));
}

bool HostileBench::good_session(std::chrono::milliseconds patience) {
    story::GivenOrder given;
    given.container = "CSQU3054383";
    given.plate = "闽D12345";
    return good_session_with(story::order_objects({given}, clock_.now().wall).front().objects, patience);
}

bool HostileBench::good_session_with(const std::vector<std::string>& orders, std::chrono::milliseconds patience) {
    const auto uplink = [this](const char* key) { return status_->at("uplinks").at(0).at(key); };
    bool resumed = false;
    const auto online = [&] {
        if (status_ && !resumed && uplink("cause") == "taken_over") {
            static_cast<void>(console::ask_control_socket(gate_.state() / "control",
                                                          R"({"ask":"resume","destination":"supervision"})"));
            resumed = true;
        }
        return status_ && uplink("online") == "yes";
    };
    if (!until(online, patience)) {
        return false;
    }
    const auto cursor = [this] { return status_->at("gate").at("order_cursor").as_int64(); };
    const auto wanted = cursor() + 1;
    gate_.publish_orders("ciq", orders);
    return until(
        [&] {
            return status_ && cursor() >= wanted && uplink("online") == "yes" &&
                   uplink("central_stored") == status_->at("gate").at("last");
        },
        patience);
}

void HostileBench::look_at_memory() {
    std::ifstream in{"/proc/" + std::to_string(gate_.daemon_pid()) + "/status"};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("VmRSS:")) {
            resident_most = std::max<std::int64_t>(resident_most, std::stoll(line.substr(6)));
        }
    }
}

}  // namespace portcullis::fault
