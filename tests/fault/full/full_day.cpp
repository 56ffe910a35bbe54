#include "tests/fault/full/full_day.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <random>

#include "console/control_socket.hpp"
#include "simulators/record/record_check.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/run/lane_record.hpp"
#include "simulators/run/random_passages.hpp"
#include "tests/fault/full/small_disk.hpp"

namespace portcullis::fault {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::uint64_t disk_bytes = 12 * 1024 * 1024;
constexpr auto journal_settings = "{ ballast: 2 MiB }";
constexpr std::size_t lanes = 4;
constexpr auto look = 50ms;
/// For anything that must come; generous, since nothing here is about speed.
constexpr auto patience = 120s;

class Play {
public:
    Play(const FullDayPlan& plan, const runtime::Clock& clock)
        : plan_(plan),
          clock_(clock),
          disk_(plan.folder / "g1" / "state", disk_bytes),
          gate_(context_, rig_plan(plan), clock),
          check_(plan.folder / "copies", clock) {
        for (auto& lane : gate_.lanes()) {
            players_.emplace_back(*lane, clock, players_.size() + 1);
        }
    }

    FullDay run() {
        std::mt19937_64 random{7};
        const auto passages = run::random_passages(plan_.passages, random);
        begin(passages);
        const std::size_t third = passages.size() / 3;
        bool on = until("the daemon has its orders", [&] { return orders_there_; });
        on = on && play(passages, 0, third);
        day_.events_before = report().last;
        on = on && fill_up(passages, third) && (plan_.no_room_again || make_room());
        on = on && !plan_.no_room_again && play(passages, 2 * third, passages.size());
        day_.ups_after = ups_ - ups_when_room_;
        end();
        return day_;
    }

private:
    static rig::GatePlan rig_plan(const FullDayPlan& plan) {
        rig::GatePlan rig{"g1", plan.folder / "g1", plan.daemon, ".", {}, 1.0, journal_settings};
        for (std::size_t lane = 1; lane <= lanes; ++lane) {
            rig.lanes.push_back({"out-" + std::to_string(lane), {}});
        }
        return rig;
    }

    void begin(const std::vector<run::ShortPassage>& passages) {
        const auto batch = gate_.publish_orders("ciq", run::orders_for(passages, clock_.now().wall));
        gate_.handle({.ready = [] {},
                      .event = [this, batch](const std::string& bytes) { seen(bytes, batch); },
                      .daemon_ended = [this](const std::string& why) { day_.trouble = why; }});
        for (std::size_t i = 0; i < players_.size(); ++i) {
            auto& lane = *gate_.lanes()[i];
            lane.on_step([this, i] { players_[i].step(); });
            lane.io().before_write([this, &lane](std::size_t index, bool high) {
                if (index == rig::OutputWires::arm_up && high) {
                    ++ups_;
                    check_.arm_goes_up(gate_.state(), gate_.name(), lane.name(), clock_.now().wall);
                }
            });
        }
        gate_.start_daemon();
    }

    void seen(const std::string& bytes, std::int64_t batch) {
        const auto event = run::read_event(bytes);
        newest_ = event.name;
        if (event.name == "order.batch") {
            orders_there_ = event.data.at("number").to_number<std::int64_t>() == batch;
        } else if (event.name == "journal.outage") {
            ++day_.outages;
            day_.detections += event.data.at("detections").to_number<std::int64_t>();
        } else if (event.name == "journal.storage") {
            given_ = given_ || event.data.at("ballast") == "given";
        }
    }

    [[nodiscard]] central::CentralReport report() { return gate_.central().report(); }

    /// Turns the world until it is so; false, and the trouble is noted, when it does not come.
    bool until(const std::string& what, const std::function<bool()>& so) {
        const auto give_up = clock_.now().instant + patience;
        while (!so()) {
            if (day_.trouble.empty() && clock_.now().instant > give_up) {
                day_.trouble = "waited in vain: " + what;
            }
            if (!day_.trouble.empty()) {
                return false;
            }
            context_.run_for(look);
        }
        return true;
    }

    bool play(const std::vector<run::ShortPassage>& passages, std::size_t from, std::size_t to) {
        for (auto i = from; i < to; ++i) {
            players_[i % players_.size()].play(passages[i]);
        }
        return until("the passages are over", [this] {
            return std::ranges::all_of(players_, [](const run::ShortPassages& one) { return one.idle(); });
        });
    }

    /// How many lanes say that they are out of service, or nothing when no daemon answers.
    std::optional<std::size_t> out_of_service() {
        try {
            const auto answer = json::parse(console::ask_control_socket(gate_.state() / "control", "status"));
            const auto& all = answer.at("lanes").as_array();
            return static_cast<std::size_t>(std::ranges::count_if(
                all, [](const json::value& lane) { return lane.at("mode") == "out_of_service"; }));
        } catch (const boost::system::system_error&) {
            return std::nullopt;
        }
    }

    /// Vehicles come while the disk fills up: what they make the gate write meets the end of it.
    bool fill_up(const std::vector<run::ShortPassage>& passages, std::size_t third) {
        disk_.fill();
        for (auto i = third; i < 2 * third; ++i) {
            players_[i % players_.size()].play(passages[i]);
        }
        const bool full = until("the lanes go out of service", [this] {
            disk_.fill();  // what a checkpoint gives back, and the ballast, are taken as well
            return out_of_service() == lanes;
        });
        day_.went_full = full;
        const auto before = ups_;
        const auto until_then = clock_.now().instant + plan_.full_for;
        while (full && day_.trouble.empty() && clock_.now().instant < until_then) {
            disk_.fill();
            context_.run_for(look);
        }
        day_.ups_while_full = ups_ - before;
        return full;
    }

    bool make_room() {
        disk_.make_room();
        ups_when_room_ = ups_;
        return until("the lanes are back", [this] { return out_of_service() == 0; }) &&
               until("the vehicles that waited are through", [this] {
                   return std::ranges::all_of(players_, [](const run::ShortPassages& one) { return one.idle(); });
               });
    }

    void end() {
        gate_.stop_daemon();
        const auto give_up = clock_.now().instant + 20s;
        while (gate_.daemon_runs() && !gate_.daemon_exit() && clock_.now().instant < give_up) {
            context_.run_for(look);
        }
        context_.run_for(1s);  // the last events are on their way from central's thread
        check_.finish();
        const auto stored = report();
        day_.events = stored.last;
        day_.gaps = stored.gaps;
        day_.chain_ok = stored.chain_ok;
        day_.closed = newest_ == "stream.closing";
        day_.resumed = day_.trouble.empty() && day_.outages > 0 && !plan_.no_room_again;
        day_.went_full = day_.went_full && (given_ || plan_.no_room_again);
        day_.arm_ups = check_.arm_ups();
        day_.without_record = check_.without_record();
    }

    const FullDayPlan& plan_;
    const runtime::Clock& clock_;
    boost::asio::io_context context_;
    SmallDisk disk_;
    rig::GateRig gate_;
    record::RecordCheck check_;
    std::deque<run::ShortPassages> players_;
    FullDay day_;
    std::string newest_;
    bool orders_there_ = false;
    bool given_ = false;
    std::int64_t ups_ = 0;
    std::int64_t ups_when_room_ = 0;
};

}  // namespace

FullDay play_full_day(const FullDayPlan& plan, const runtime::Clock& clock) {
    return Play{plan, clock}.run();
}

}  // namespace portcullis::fault
