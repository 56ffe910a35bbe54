#include "tests/fault/daemon/killed_gate.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <deque>
#include <functional>
#include <random>

#include "simulators/record/record_check.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/run/random_passages.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;

constexpr auto look = 20ms;
/// For anything that must come; generous, since nothing here is about speed: a vehicle that met a kill waits for its
/// arm, goes back, and gives the lane free only then, so that a lane makes some thirty calls in ten seconds.
constexpr auto patience = 180s;
/// A life that is killed early must have written a whole batch before, or the next one begins with it again: all orders
/// of the long form in one took more calls than any life has.
constexpr std::size_t passages_a_batch = 50;
/// How a process ends that SIGKILL met, as the rig says it.
constexpr auto killed_words = "portcullisd ended with 137";

class Play {
public:
    Play(const KilledGatePlan& plan, const runtime::Clock& clock)
        : plan_(plan), clock_(clock), gate_(context_, rig_plan(plan), clock), check_(plan.folder / "copies", clock) {
        for (auto& lane : gate_.lanes()) {
            players_.emplace_back(*lane, clock, players_.size() + 1);
        }
    }

    KilledGate run() {
        std::mt19937_64 random{11};
        passages_ = run::random_passages(10 * plan_.kill_at.size() + 100, random);
        publish_orders();
        for (std::size_t i = 0; i < players_.size(); ++i) {
            auto& lane = *gate_.lanes()[i];
            lane.on_step([this, i] { players_[i].step(); });
            lane.io().before_write([this, &lane](std::size_t index, bool high) {
                if (index == rig::OutputWires::arm_up && high) {
                    check_.arm_goes_up(gate_.state(), gate_.name(), lane.name(), clock_.now().wall);
                }
            });
        }
        gate_.handle({.ready = [] {},
                      .event = [](const std::string&) {},
                      .daemon_ended = [this](const std::string& why) { ended_ = why; }});
        for (const auto at : plan_.kill_at) {
            live_until_killed(at);
        }
        last_life();
        return std::move(gate_result_);
    }

private:
    static rig::GatePlan rig_plan(const KilledGatePlan& plan) {
        rig::GatePlan rig{"g1", plan.folder / "g1", plan.programs / "portcullisd", ".", {}};
        for (std::size_t lane = 1; lane <= plan.lanes; ++lane) {
            rig.lanes.push_back({"out-" + std::to_string(lane), {}});
        }
        return rig;
    }

    void publish_orders() {
        for (std::size_t from = 0; from < passages_.size(); from += passages_a_batch) {
            const auto begin = passages_.begin() + static_cast<std::ptrdiff_t>(from);
            const auto count = std::min(passages_a_batch, passages_.size() - from);
            gate_.publish_orders(
                "ciq", run::orders_for({begin, begin + static_cast<std::ptrdiff_t>(count)}, clock_.now().wall));
        }
    }

    /// Turns the world until it is so; notes the trouble when it does not come.
    void until(const std::string& what, const std::function<bool()>& so) {
        const auto give_up = clock_.now().instant + patience;
        while (gate_result_.trouble.empty() && !so()) {
            context_.run_for(look);
            if (clock_.now().instant > give_up) {
                gate_result_.trouble = "waited in vain: " + what;
            }
        }
    }
    void send_when_idle() {
        for (auto& player : players_) {
            if (player.idle() && next_ < passages_.size()) {
                player.play(passages_[next_++]);
            }
        }
    }
    [[nodiscard]] std::int64_t played() const {
        std::int64_t sum = 0;
        for (const auto& player : players_) {
            sum += player.played();
        }
        return sum;
    }

    void live_until_killed(std::int64_t at) {
        if (!gate_result_.trouble.empty()) {
            return;
        }
        ended_.clear();
        // The rig hands our environment on; the loader of this process itself has long read it.
        ::setenv("FAULT_KILL_AT", std::to_string(at).c_str(), 1);
        ::setenv("LD_PRELOAD", (plan_.programs / "libfault_kill_at.so").c_str(), 1);
        gate_.start_daemon();
        ::unsetenv("LD_PRELOAD");
        until("the kill at call " + std::to_string(at), [this] {
            send_when_idle();
            return !ended_.empty();
        });
        if (!ended_.starts_with(killed_words) && gate_result_.trouble.empty()) {
            gate_result_.trouble = ended_;
        }
        gate_result_.kills += gate_result_.trouble.empty() ? 1 : 0;
    }

    void last_life() {
        ended_.clear();
        gate_.start_daemon();
        const auto until_played = played() + static_cast<std::int64_t>(plan_.passages_after);
        until("the last vehicles", [&] {
            send_when_idle();
            return played() >= until_played;
        });
        record::RecordCheck late{plan_.folder / "late", clock_};
        late.arm_goes_up(gate_.state(), gate_.name(), gate_.lanes().front()->name(), clock_.now().wall + 1min);
        late.finish();
        gate_result_.late_found = late.without_record().size();
        gate_.stop_daemon();
        until("the ordered stop", [this] { return gate_.daemon_exit().has_value(); });
        check_.finish();
        auto& views = gate_result_.views;
        views.journal = testing::journal_rows(gate_.state() / "journal.db");
        const auto rows = static_cast<std::int64_t>(views.journal.size());
        until("the last events at central", [&] { return gate_.central().report().last >= rows; });
        views.central = gate_.central().events();
        views.witness = views.central;
        gate_result_.arm_ups = check_.arm_ups();
        gate_result_.without_record = check_.without_record();
    }

    const KilledGatePlan& plan_;
    const runtime::Clock& clock_;
    boost::asio::io_context context_;
    rig::GateRig gate_;
    record::RecordCheck check_;
    std::deque<run::ShortPassages> players_;
    std::vector<run::ShortPassage> passages_;
    std::size_t next_ = 0;
    std::string ended_;
    KilledGate gate_result_;
};

}  // namespace

KilledGate play_killed_gate(const KilledGatePlan& plan, const runtime::Clock& clock) {
    return Play{plan, clock}.run();
}

}  // namespace portcullis::fault
