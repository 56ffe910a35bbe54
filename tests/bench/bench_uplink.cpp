#include "tests/bench/bench_uplink.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/drain_gate.hpp"
#include "tests/bench/raw_publisher.hpp"

namespace portcullis::bench {

namespace {

using namespace std::chrono_literals;
using testing::Aim;

constexpr std::int64_t window_most = 100;
/// The raw publisher sends a tenth before the daemon, and a tenth after it.
constexpr std::int64_t raw_share = 10;
/// With a window of 20 a fifth of the events says the same; the control needs fewer.
constexpr std::int64_t narrow_share = 5;
constexpr std::int64_t control_share = 50;
constexpr int narrow = 20;
constexpr std::int64_t least_events = 10'000;
/// Passages of the quiet lanes.
constexpr std::size_t passages_least = 50;
constexpr std::size_t passages_most = 300;

/// What one drain gave.
struct Drain {
    double events_per_second = 0;
    double raw_events_per_second = 0;
    double rss_growth_kib = 0;
    double cpu_share = 0;  ///< of one core, the daemon's
    std::size_t events = 0;
    std::vector<double> draining_ms;
    std::vector<double> idle_ms;
};

/// Resident memory may be taken at first; after a twentieth of the drain it has to stay.
class MemoryWatch {
public:
    void look(double kib, bool warm) {
        if (warm) {
            first_ = first_ == 0 ? kib : first_;
            most_ = std::max(most_, kib);
        }
    }
    [[nodiscard]] double growth() const { return most_ - first_; }

private:
    double first_ = 0;
    double most_ = 0;
};

std::chrono::seconds patience_for(std::int64_t events) {
    return std::chrono::seconds{60 + events / 500};
}

double raw_rate(DrainGate& gate, const std::vector<std::string>& rows, int receive_maximum, const std::string& name) {
    const auto prefix = "portcullis/bench/" + name;
    gate.start_consumer(prefix);
    RawPublisher raw{{gate.broker().uri(), prefix, std::min<std::int64_t>(window_most, receive_maximum), 1000}};
    const auto rate = raw.publish(rows, static_cast<int>(patience_for(static_cast<std::int64_t>(rows.size())).count()));
    gate.stop_consumer();
    return rate;
}

void drain(DrainGate& gate, Drain& result, bool with_passages) {
    MemoryWatch memory;
    gate.start_consumer(gate.prefix());
    gate.start_daemon();
    const auto cpu_before = gate.cpu_seconds();
    const auto look = [&] {
        memory.look(gate.resident_kib(), gate.acknowledged() > gate.stored() / 20);
        return gate.acknowledged() >= gate.stored();
    };
    if (with_passages) {
        gate.turn_until("the drain's beginning", 60s, [&] { return gate.acknowledged() > 0; });
        while (!look()) {
            result.draining_ms.push_back(gate.one_passage());
        }
    } else {
        gate.turn_until("the drain", patience_for(gate.stored()), look);
    }
    result.events_per_second = gate.events_per_second();
    result.events = static_cast<std::size_t>(gate.stored());
    result.cpu_share = (gate.cpu_seconds() - cpu_before) / gate.seconds();
    result.rss_growth_kib = memory.growth();
}

Drain measure(const UplinkBench& bench, const std::string& name, int receive_maximum, std::int64_t events,
              bool with_passages) {
    const runtime::SystemClock clock;
    boost::asio::io_context context;
    DrainGate gate{context,
                   clock,
                   {.daemon = bench.daemon,
                    .profiles = bench.profiles,
                    .folder = bench.folder / name,
                    .receive_maximum = receive_maximum,
                    .lanes = with_passages ? 8 : 1,
                    .events = events}};
    const auto raw_events = std::max(events / raw_share, std::min(events, least_events));
    gate.keep_first_rows(static_cast<std::size_t>(raw_events));
    gate.prepare();
    Drain result;
    const auto raw_before = raw_rate(gate, gate.first_rows(), receive_maximum, "raw-1");
    drain(gate, result, with_passages);
    if (with_passages) {
        const auto wanted = std::clamp(result.draining_ms.size(), passages_least, passages_most);
        while (result.idle_ms.size() < wanted) {
            result.idle_ms.push_back(gate.one_passage());
        }
    }
    gate.stop_daemon();
    gate.stop_consumer();
    const auto raw_after = raw_rate(gate, gate.first_rows(), receive_maximum, "raw-2");
    result.raw_events_per_second = 2 / (1 / raw_before + 1 / raw_after);
    std::filesystem::remove_all(bench.folder / name);
    return result;
}

std::string parts(const Drain& drain) {
    return "the daemon used " + std::to_string(drain.cpu_share * 100) + " % of a core for " +
           std::to_string(drain.events_per_second) + " events a second; the bare publisher reached " +
           std::to_string(drain.raw_events_per_second);
}

void print_rates(testing::Figures& figures, const Drain& drain, const std::string& suffix) {
    figures.print("uplink.drain_events_per_second" + suffix, drain.events_per_second, "1/s", {}, drain.events);
    figures.print("uplink.raw_paho_events_per_second" + suffix, drain.raw_events_per_second, "1/s", {}, drain.events);
    figures.print("uplink.drain_over_raw_paho" + suffix, drain.events_per_second / drain.raw_events_per_second, "ratio",
                  Aim::at_least(0.8), drain.events, parts(drain));
}

}  // namespace

void measure_uplink(const UplinkBench& bench, testing::Figures& figures) {
    constexpr int wide = 1000;
    const auto share = [&](std::int64_t part) { return std::max(bench.events / part, least_events); };
    const auto drained = measure(bench, "wide", wide, bench.events, true);
    print_rates(figures, drained, "");
    figures.print("uplink.drain_rss_growth_kib", drained.rss_growth_kib, "KiB", Aim::at_most(4096), drained.events,
                  "resident memory grew while the backlog was sent");
    const auto busy = testing::quantile(drained.draining_ms, 0.99);
    const auto idle = testing::quantile(drained.idle_ms, 0.99);
    figures.print("uplink.draining_arm_p99_ms", busy, "ms", {}, drained.draining_ms.size());
    figures.print("uplink.idle_arm_p99_ms", idle, "ms", {}, drained.idle_ms.size());
    figures.print("uplink.arm_p99_over_idle", busy / idle, "ratio", Aim::at_most(2), drained.draining_ms.size(),
                  "from the reading to the arm " + std::to_string(testing::mean(drained.draining_ms)) +
                      " ms on average while draining, " + std::to_string(testing::mean(drained.idle_ms)) + " ms idle");
    print_rates(figures, measure(bench, "narrow", narrow, share(narrow_share), false), "_20");
    // The negative control: a gate that has one publication under way at a time must not reach the aim.
    const auto slow = measure(bench, "control", 1, share(control_share), false);
    figures.print("uplink.drain_one_at_a_time_over_raw_paho", slow.events_per_second / drained.raw_events_per_second,
                  "ratio", Aim::at_most(0.8), slow.events, "a window of one reaches the aim: the aim proves nothing");
}

}  // namespace portcullis::bench
