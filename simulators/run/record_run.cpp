#include "simulators/run/record_run.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <random>

#include "simulators/record/record_check.hpp"
#include "simulators/run/lane_record.hpp"
#include "simulators/run/random_passages.hpp"

namespace portcullis::run {

namespace {

using namespace std::chrono_literals;

constexpr auto look = 50ms;
constexpr auto start_patience = 60s;
constexpr auto stop_patience = 10s;

/// A gate whose lanes play passages once the daemon is ready and has their orders.
class Series {
public:
    Series(boost::asio::io_context& context, rig::GatePlan plan, const runtime::Clock& clock, std::uint64_t seed)
        : gate_(context, std::move(plan), clock) {
        for (auto& lane : gate_.lanes()) {
            players_.emplace_back(*lane, clock, seed++);
        }
    }

    void start(std::vector<ShortPassage> passages, record::RecordCheck& check, std::vector<std::string>& troubles) {
        batch_ = gate_.publish_orders("ciq", orders_for(passages, gate_.clock().now().wall));
        for (std::size_t i = 0; i < passages.size(); ++i) {
            players_[i % players_.size()].play(std::move(passages[i]));
        }
        gate_.handle({.ready = [] {},
                      .event = [this](const std::string& bytes) { seen(bytes); },
                      .daemon_ended = [&troubles](const std::string& why) { troubles.push_back(why); }});
        for (std::size_t i = 0; i < players_.size(); ++i) {
            auto& lane = *gate_.lanes()[i];
            lane.on_step([this, i] {
                if (orders_there_) {
                    players_[i].step();
                }
            });
            lane.io().before_write([this, &lane, &check](std::size_t index, bool high) {
                if (index == rig::OutputWires::arm_up && high) {
                    check.arm_goes_up(gate_.state(), gate_.name(), lane.name(), gate_.clock().now().wall);
                }
            });
        }
        gate_.start_daemon();
    }

    [[nodiscard]] bool began() const { return orders_there_; }
    [[nodiscard]] bool idle() const {
        return std::all_of(players_.begin(), players_.end(), [](const ShortPassages& one) { return one.idle(); });
    }
    [[nodiscard]] rig::GateRig& gate() { return gate_; }
    void count(RecordResult& result) const {
        for (const auto& player : players_) {
            result.passages += player.played();
            result.unserved += player.unserved();
        }
    }

private:
    void seen(const std::string& bytes) {
        if (!orders_there_) {
            const auto event = read_event(bytes);
            orders_there_ = event.name == "order.batch" && event.data.at("number").to_number<std::int64_t>() == batch_;
        }
    }

    rig::GateRig gate_;
    std::deque<ShortPassages> players_;
    std::int64_t batch_ = 0;
    bool orders_there_ = false;
};

rig::GatePlan gate_plan(const RecordPlan& plan, std::size_t index) {
    const auto name = "r" + std::to_string(index + 1);
    rig::GatePlan gate{name, plan.folder / name, plan.daemon, plan.sources, {}, 1.0};
    for (std::size_t lane = 0; lane < plan.lanes_per_gate; ++lane) {
        gate.lanes.push_back({"out-" + std::to_string(lane + 1), {}});
    }
    return gate;
}

void stop(std::deque<Series>& series, boost::asio::io_context& context, const runtime::Clock& clock) {
    for (auto& one : series) {
        one.gate().stop_daemon();
        const auto deadline = clock.now().instant + stop_patience;
        while (one.gate().daemon_runs() && !one.gate().daemon_exit() && clock.now().instant < deadline) {
            context.run_for(look);
        }
    }
}

}  // namespace

RecordResult check_records(const RecordPlan& plan, const runtime::Clock& clock, const std::function<bool()>& enough) {
    boost::asio::io_context context;
    record::RecordCheck check{plan.folder / "copies", clock};
    RecordResult result;
    std::mt19937_64 random{plan.seed};
    std::deque<Series> series;
    auto passages = random_passages(plan.passages, random);
    for (std::size_t i = 0; i < plan.gates; ++i) {
        const auto from = passages.begin() + static_cast<std::ptrdiff_t>(passages.size() * i / plan.gates);
        const auto to = passages.begin() + static_cast<std::ptrdiff_t>(passages.size() * (i + 1) / plan.gates);
        series.emplace_back(context, gate_plan(plan, i), clock, plan.seed + i * plan.lanes_per_gate);
        series.back().start({from, to}, check, result.troubles);
    }
    const auto began = clock.now().instant;
    const auto done = [&] {
        return std::all_of(series.begin(), series.end(), [](const Series& one) { return one.began() && one.idle(); });
    };
    while (!done() && !enough() && result.troubles.empty()) {
        context.run_for(look);
        const bool all_began = std::all_of(series.begin(), series.end(), [](const Series& one) { return one.began(); });
        if (!all_began && clock.now().instant - began > start_patience) {
            result.troubles.emplace_back("a gate did not take its orders within a minute");
        }
    }
    stop(series, context, clock);
    for (const auto& one : series) {
        one.count(result);
    }
    check.finish();
    result.arm_ups = check.arm_ups();
    result.without_record = check.without_record();
    return result;
}

}  // namespace portcullis::run
