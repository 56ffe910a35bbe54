// A broker that sends what no broker may: the daemon lives, answers, and its next good session works.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include "console/control_socket.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/story/order_objects.hpp"
#include "tests/fault/hostile/hostile_broker.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

/// The status comes from the thread that decides: one that is later than this is a decision missed.
constexpr auto answers_within = 1s;
constexpr int names_of_broker = 8;
/// After it: an attempt at a silent broker takes ten seconds, a pause at most sixty.
constexpr auto good_session_within = 90s;

rig::GatePlan plan_of(const std::filesystem::path& folder) {
    const auto* programs = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): before any thread
    return {"g1",
            folder / "g1",
            std::filesystem::path{programs != nullptr ? programs : "build/release/bin"} / "portcullisd",
            ".",
            {{"out-1", {}}},
            1.0};
}

/// The daemon with lanes, a good broker and central, and the hostile one between it and the good one.
class Bench {
public:
    Bench()
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
                              gate_.start_daemon();
                          }});
        gate_.start_daemon();
        if (!good_session(good_session_within)) {
            throw std::runtime_error("no good session to begin with");
        }
        missed = 0;  // the control socket was not there yet
        resident_first_ = resident();
    }

    void run(const HostileCase& hostile) {
        broker_.play(hostile);
        if (!until([this] { return broker_.played(); }, good_session_within)) {
            throw std::runtime_error(hostile.name + ": the daemon never came to be played with");
        }
        const auto linger = clock_.now().instant + 300ms;
        static_cast<void>(until([&] { return clock_.now().instant > linger; }, 10s));
        resident_most = std::max(resident_most, resident() - resident_first_);
        broker_.play({});
        const bool good = good_session(good_session_within);
        resident_most = std::max(resident_most, resident() - resident_first_);
        stuck += good ? 0 : 1;
        std::cerr << hostile.name << (good ? ": survived, " : ": STUCK, ") << resident() << " KiB, " << crashes
                  << " crashes, " << missed << " answers missed\n";
        if (!good) {
            gate_.kill_daemon();
            gate_.start_daemon();
        }
    }

    /// What must be counted is: a dead daemon, a broker that never comes back, a daemon that does not answer.
    void break_on_purpose() {
        broker_.be_silent();
        stuck += good_session(1s) ? 0 : 1;
        ::kill(gate_.daemon_pid(), SIGSTOP);
        ask();
        ::kill(gate_.daemon_pid(), SIGCONT);
        const auto before = crashes;
        ::kill(gate_.daemon_pid(), SIGKILL);
        static_cast<void>(until([&] { return crashes > before; }, 5s));
    }

    std::int64_t crashes = 0;
    std::int64_t stuck = 0;
    std::int64_t missed = 0;
    std::int64_t asked = 0;
    std::int64_t resident_most = 0;  ///< KiB beyond what it had after its first good session

    [[nodiscard]] std::string prefix() const { return gate_.prefix(); }

private:
    void ask() {
        ++asked;
        status_.reset();
        try {
            const auto text = console::ask_control_socket(gate_.state() / "control", "status", answers_within);
            const auto answer = boost::json::parse(text).as_object();
            if (answer.contains("uplinks") && !answer.at("uplinks").as_array().empty()) {  // not while it starts
                status_ = answer;
            }
        } catch (const std::exception&) {
            ++missed;
        }
    }

    template <class Condition>
    bool until(Condition so, std::chrono::milliseconds patience) {
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

    /// Orders come in, and central has acknowledged every event.
    bool good_session(std::chrono::milliseconds patience) {
        const auto uplink = [this](const char* key) { return status_->at("uplinks").at(0).at(key); };
        bool resumed = false;
        if (!until(
                [&] {
                    if (status_ && !resumed && uplink("cause") == "taken_over") {
                        const auto answer = console::ask_control_socket(
                            gate_.state() / "control", R"({"ask":"resume","destination":"supervision"})");
                        resumed = true;
                    }
                    return status_ && uplink("online") == "yes";
                },
                patience)) {
            return false;
        }
        const auto cursor = [this] { return status_->at("gate").at("order_cursor").as_int64(); };
        const auto wanted = cursor() + 1;
        story::GivenOrder given;
        given.container = "CSQU3054383";
        given.plate = "闽D12345";
        const auto orders = story::order_objects({given}, clock_.now().wall);
        gate_.publish_orders(orders.front().authority, orders.front().objects);
        return until(
            [&] {
                return status_ && cursor() >= wanted && uplink("online") == "yes" &&
                       uplink("central_stored") == status_->at("gate").at("last");
            },
            patience);
    }

    [[nodiscard]] std::int64_t resident() const {
        std::ifstream in{"/proc/" + std::to_string(gate_.daemon_pid()) + "/status"};
        for (std::string line; std::getline(in, line);) {
            if (line.starts_with("VmRSS:")) {
                return std::stoll(line.substr(6));
            }
        }
        return 0;
    }

    runtime::SystemClock clock_;
    store::testing::TemporaryDirectory folder_;
    boost::asio::io_context context_;
    rig::GateRig gate_;
    HostileBroker broker_;
    std::optional<boost::json::object> status_;
    std::int64_t resident_first_ = 0;
};

int run(bool is_short) {
    Bench bench;
    std::size_t cases = 0;
    for (const auto& hostile : hostile_cases(bench.prefix())) {
        if (!is_short || hostile.in_short) {
            bench.run(hostile);
            ++cases;
        }
    }
    testing::Figures figures;
    const auto least = is_short ? 10.0 : 60.0;
    figures.print("uplink.hostile_cases", static_cast<double>(cases), "cases", Aim::at_least(least), cases,
                  "fewer cases than there were");
    figures.print("uplink.hostile_crashes", static_cast<double>(bench.crashes), "crashes", Aim::at_most(0), cases,
                  "the daemon ended: stderr says at which case");
    figures.print("uplink.hostile_stuck", static_cast<double>(bench.stuck), "cases", Aim::at_most(0), cases,
                  "no good session came after a hostile one: stderr says after which");
    figures.print("uplink.hostile_rss_growth_kib", static_cast<double>(bench.resident_most), "KiB",
                  Aim::at_most(131'072), cases, "the daemon keeps what a hostile broker sent");
    figures.print("uplink.hostile_decisions_missed", static_cast<double>(bench.missed), "answers", Aim::at_most(0),
                  static_cast<std::size_t>(bench.asked), "the deciding thread was late by more than a second");
    // Negative controls: what is broken on purpose is counted.
    const auto crashes = bench.crashes;
    const auto stuck = bench.stuck;
    const auto missed = bench.missed;
    bench.break_on_purpose();
    figures.print("uplink.hostile_crashes_on_purpose", static_cast<double>(bench.crashes - crashes), "crashes",
                  Aim::at_least(1), 1, "a killed daemon is not counted");
    figures.print("uplink.hostile_stuck_on_purpose", static_cast<double>(bench.stuck - stuck), "cases",
                  Aim::at_least(1), 1, "a broker that never comes back is not counted");
    figures.print("uplink.hostile_decisions_missed_on_purpose", static_cast<double>(bench.missed - missed), "answers",
                  Aim::at_least(1), 1, "a daemon that does not answer is not counted");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_hostile: a broker that sends what no broker may"};
    bool is_short = false;
    app.add_flag("--short", is_short, "one case of each kind");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_hostile stopped: " << error.what() << '\n';
        return 1;
    }
}
