#include "tests/bench/bench_gate.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/central/central.hpp"
#include "simulators/record/record_check.hpp"
#include "simulators/rig/broker.hpp"
#include "simulators/rig/child_process.hpp"
#include "simulators/rig/notify_socket.hpp"
#include "tests/bench/bare_loop.hpp"
#include "tests/bench/bench_lane.hpp"
#include "tests/bench/bench_orders.hpp"
#include "tests/bench/journal_facts.hpp"

namespace portcullis::bench {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Eight lanes of a kind: a passage takes two seconds, and one is wanted every few hundred milliseconds.
constexpr int busy_lanes = 8;
/// One of a kind: two I/O modules and two readers at 20 ms.
constexpr int idle_lanes = 1;
constexpr int orders_wanted = 100'000;
constexpr int orders_in_batch = 5'000;
constexpr auto warm_up = 5;
constexpr auto longest_wait = 60s;

/// The folder, made.
std::filesystem::path made(std::filesystem::path folder) {
    std::filesystem::create_directories(folder);
    return folder;
}

/// Everything of one run, on one context.
class Run {
public:
    Run(const GateBench& bench, const std::string& name, int lanes_of_a_kind)
        : bench_(bench), folder_(bench.folder / name), timer_(context_), broker_(made(folder_ / "broker")) {
        for (int i = 0; i < lanes_of_a_kind; ++i) {
            polled_.push_back(lane("polled-" + std::to_string(i), BenchLane::Last::container));
            pushed_.push_back(lane("pushed-" + std::to_string(i), BenchLane::Last::plate));
        }
        polled_floor_ = std::make_unique<BareLoop>(context_, clock_, folder_, false);
        pushed_floor_ = std::make_unique<BareLoop>(context_, clock_, folder_, true);
    }

    void start() {
        central_ = std::make_unique<central::Central>(
            central::CentralSettings{.broker = broker_.uri(),
                                     .prefix = "portcullis/bench/g1",
                                     .terminal = "bench",
                                     .key = central::SigningKey::from_hex(std::string(64, '7')),
                                     .schemas = bench_.profiles / "../../docs/events",
                                     .state = {}},
            clock_);
        central_->observe([this](const std::string& bytes) {
            applied_ += bytes.find("\"portcullis.order.batch.v1\"") == std::string::npos ? 0 : 1;
        });
        central_->start();
        write_settings();
        bool ready = false;
        const auto path = folder_ / "notify";
        notify_ = std::make_unique<rig::NotifySocket>(
            context_, path, [&](std::string_view said) { ready = ready || said.starts_with("READY=1"); });
        daemon_ = std::make_unique<rig::ChildProcess>(
            std::vector<std::string>{bench_.daemon.string(), "--settings", (folder_ / "gate.yaml").string(),
                                     "--profiles", bench_.profiles.string()},
            folder_ / "portcullisd.log", std::map<std::string, std::string>{{"NOTIFY_SOCKET", path.string()}});
        turn_until([&] { return ready; }, "the daemon's readiness");
        send_orders(1, 1);  // a gate that has never had orders holds everything
        pass(3s);
    }

    void measure() {
        for (int i = 0; i < warm_up; ++i) {
            one_passage(polled_, nullptr);
            one_passage(pushed_, nullptr);
        }
        written = commit_bytes(record::copy_journal(folder_ / "state", folder_ / "warm-up"));
        for (auto* floor : {polled_floor_.get(), pushed_floor_.get()}) {
            floor->set_commit_bytes(written);
            one_edge(*floor, nullptr);
        }
        for (int i = 0; i < bench_.passages; ++i) {
            one_passage(polled_, &polled_ms);
            one_edge(*polled_floor_, &polled_floor_ms);
            one_passage(pushed_, &pushed_ms);
            one_edge(*pushed_floor_, &pushed_floor_ms);
        }
    }

    /// Share of one core that the daemon uses while nothing happens, in percent; and its resident memory.
    double idle_cpu_percent() {
        const auto before = cpu_seconds();
        constexpr auto watched = 10s;
        pass(watched);
        return (cpu_seconds() - before) / static_cast<double>(watched.count()) * 100;
    }
    [[nodiscard]] double resident_mib() const {
        std::ifstream file{"/proc/" + std::to_string(daemon_->pid()) + "/statm"};
        double size = 0;
        double resident = 0;
        file >> size >> resident;
        return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
    }
    /// Fills the cache through the real door: signed batches over the broker.
    void send_orders(int wanted, int in_batch) {
        for (int made = 0; made < wanted;) {
            std::vector<std::string> orders;
            for (int i = 0; i < in_batch; ++i) {
                orders.push_back(order_object(made++));
            }
            const int before = applied_;
            central_->publish_orders("ciq", orders);
            turn_until([&] { return applied_ > before; }, "orders to be applied");
        }
    }
    /// What the mean of a kind of lane consists of, in words.
    [[nodiscard]] std::string parts(const std::string& lanes, const std::vector<double>& samples,
                                    const std::vector<double>& floor) const {
        const auto decision = decision_ms(record::copy_journal(folder_ / "state", folder_ / lanes), lanes);
        std::ostringstream text;
        text.precision(3);
        text << "on average " << mean(samples) << " ms from the reading to the coil; of these " << decision
             << " ms from the reading on record to the verdict (look-ups of orders and usage, each on the thread of its"
             << " database) and " << mean(samples) - decision
             << " ms for the device's answer, the commit and the coil, for which the bare program took " << mean(floor)
             << " ms";
        return text.str();
    }
    void stop() {
        daemon_->signal(SIGTERM);
        if (!daemon_->wait(5s)) {
            throw std::runtime_error{"the daemon did not stop"};
        }
    }

    std::vector<double> polled_ms;
    std::vector<double> polled_floor_ms;
    std::vector<double> pushed_ms;
    std::vector<double> pushed_floor_ms;
    std::size_t written = 0;  ///< bytes of the commit before an arm goes up, the daemon's and the floor's

private:
    std::unique_ptr<BenchLane> lane(const std::string& name, BenchLane::Last last) {
        return std::make_unique<BenchLane>(context_, clock_, name, last);
    }

    void write_settings() const {
        std::ofstream policy{folder_ / "policy.yaml"};
        policy << "rows:\n  - { way: in, movement: export_laden, without_order: release }\n"
                  "  - { movement: import_laden, consents: [ciq], without_order: hold }\n";
        std::ofstream settings{folder_ / "gate.yaml"};
        settings << "gate: { terminal: bench, name: g1, test_bench: true }\nstate: " << (folder_ / "state").string()
                 << "\ncontrol_socket: " << (folder_ / "control").string()
                 << "\nuplink:\n  - { name: supervision, broker: \"" << broker_.uri()
                 << "\", required: true }\ntrust: { orders_key: " << central_->orders_key()
                 << " }\npolicy: policy.yaml\n";
        const auto section = [&](const char* head, auto text) {
            settings << head;
            for (const auto* kind : {&polled_, &pushed_}) {
                for (const auto& one : *kind) {
                    settings << text(*one);
                }
            }
        };
        section("buses:\n", [](const BenchLane& one) { return one.buses_text(); });
        section("devices:\n", [](const BenchLane& one) { return one.devices_text(); });
        section("lanes:\n", [](const BenchLane& one) { return one.lane_text(); });
    }

    /// Turns the context until `done`; throws when that takes too long.
    template <class Done>
    void turn_until(Done done, const char* what) {
        const auto limit = clock_.now().instant + longest_wait;
        while (!done()) {
            context_.run_one_for(100ms);
            if (clock_.now().instant > limit) {
                throw std::runtime_error{std::string{"gave up waiting for "} + what};
            }
        }
    }

    void pass(std::chrono::milliseconds time) {
        bool over = false;
        timer_.expires_after(time);
        timer_.async_wait([&](const boost::system::error_code&) { over = true; });
        turn_until([&] { return over; }, "time to pass");
    }

    void one_passage(std::vector<std::unique_ptr<BenchLane>>& lanes, std::vector<double>* into) {
        const auto idle = [&] {
            return std::find_if(lanes.begin(), lanes.end(), [](const auto& one) { return one->idle(); });
        };
        turn_until([&] { return idle() != lanes.end(); }, "an idle lane");
        pass(std::chrono::milliseconds{50 + static_cast<int>(random_() % 50)});
        bool done = false;
        (*idle())->begin([&](double took) {
            done = true;
            if (into != nullptr) {
                into->push_back(took);
            }
        });
        turn_until([&] { return done; }, "the arm");
    }

    void one_edge(BareLoop& floor, std::vector<double>* into) {
        pass(std::chrono::milliseconds{50 + static_cast<int>(random_() % 50)});
        bool done = false;
        floor.edge([&](double took) {
            done = true;
            if (into != nullptr) {
                into->push_back(took);
            }
        });
        turn_until([&] { return done; }, "the floor");
    }

    [[nodiscard]] double cpu_seconds() const {
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

    const GateBench& bench_;
    std::filesystem::path folder_;
    runtime::SystemClock clock_;
    asio::io_context context_;
    asio::steady_timer timer_;
    rig::Broker broker_;
    std::unique_ptr<central::Central> central_;
    std::vector<std::unique_ptr<BenchLane>> polled_;
    std::vector<std::unique_ptr<BenchLane>> pushed_;
    std::unique_ptr<BareLoop> polled_floor_;
    std::unique_ptr<BareLoop> pushed_floor_;
    std::unique_ptr<rig::NotifySocket> notify_;
    std::unique_ptr<rig::ChildProcess> daemon_;
    std::atomic<int> applied_ = 0;  ///< order batches that the gate has told central of
    std::mt19937 random_{1};
};

}  // namespace

void measure_gate(const GateBench& bench, Figures& figures) {
    Run run{bench, "busy", busy_lanes};
    run.start();
    run.measure();
    const auto n = run.polled_ms.size();
    const auto p50 = quantile(run.polled_ms, 0.5);
    const auto p99 = quantile(run.polled_ms, 0.99);
    const auto floor_p50 = quantile(run.polled_floor_ms, 0.5);
    const auto floor_p99 = quantile(run.polled_floor_ms, 0.99);
    figures.print("gate.commit_bytes", static_cast<double>(run.written), "bytes", {}, warm_up * 2);
    figures.print("gate.polled_p50_ms", p50, "ms", {}, n);
    figures.print("gate.polled_p99_ms", p99, "ms", {}, n);
    figures.print("gate.floor_p99_ms", floor_p99, "ms", {}, n);
    figures.print("gate.floor_p50_ms", floor_p50, "ms", {}, n);
    const auto polled_why = run.parts("polled", run.polled_ms, run.polled_floor_ms);
    figures.print("gate.polled_p50_over_floor", p50 / floor_p50, "ratio", Aim::at_most(1.5), n, polled_why);
    figures.print("gate.polled_p99_over_floor", p99 / floor_p99, "ratio", Aim::at_most(2), n, polled_why);
    figures.print("gate.pushed_overhead_ms", mean(run.pushed_ms) - mean(run.pushed_floor_ms), "ms", Aim::at_most(1),
                  run.pushed_ms.size(), run.parts("pushed", run.pushed_ms, run.pushed_floor_ms));
    run.stop();

    Run idle{bench, "idle", idle_lanes};
    idle.start();
    figures.print(
        "gate.idle_cpu_percent", idle.idle_cpu_percent(), "percent", Aim::at_most(3), 1,
        "four devices at 20 ms are 200 requests a second, each a turn of its bus's thread and of the context");
    idle.send_orders(orders_wanted, orders_in_batch);
    figures.print("gate.rss_mib", idle.resident_mib(), "MiB", Aim::at_most(40), 1,
                  "resident, with " + std::to_string(orders_wanted) + " orders in the cache's database");
    idle.stop();
}

}  // namespace portcullis::bench
