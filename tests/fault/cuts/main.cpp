// A proxy cuts, resets, half closes, stalls and slows both links of a stream after every byte that they carry: gate to
// broker and broker to consumer, each way. At the consumer every event ends stored once, in order.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <iostream>

#include "tests/fault/cuts/cut_lane.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

constexpr auto tick = 1ms;
/// Paho's threads look for new sockets only when an old one stirs, or after a second: many links keep each other awake.
constexpr std::size_t few_lanes = 24;
constexpr std::size_t many_lanes = 48;

/// How many bytes lie between two cuts of a kind.
struct Strides {
    std::size_t close;
    std::size_t reset;
    std::size_t half_close;
    std::size_t slow;
    std::size_t stall;
};
constexpr Strides every_byte{1, 1, 3, 41, 97};
constexpr Strides some_bytes{97, 101, 149, 997, 1499};

/// Bytes to the gate between which the answers to its subscriptions end, and its own status comes back.
constexpr std::size_t subscribing_from = 100;
constexpr std::size_t subscribing_to = 300;

class Laboratory {
public:
    explicit Laboratory(std::size_t lanes) {
        for (std::size_t i = 0; i < lanes; ++i) {
            lanes_.push_back(make({.name = "cut-" + std::to_string(i)}));
        }
    }

    /// Bytes that an untouched session carries, from the connect to the acknowledgement.
    void measure_sessions() {
        auto& lane = *lanes_.front();
        must_be_whole(lane);
        // On a busy machine a session may carry an event twice: the shortest of some is the measure.
        constexpr int sessions = 4;
        for (const auto leg : {Leg::gate, Leg::consumer}) {
            Length up{leg, Way::up, std::size_t{1} << 30U};
            Length down{leg, Way::down, std::size_t{1} << 30U};
            for (int i = 0; i < sessions; ++i) {
                // Behind any session's end: it is never cut there.
                lane.begin({leg, {Way::up, std::size_t{1} << 30U, Cut::close}});
                while (!lane.idle()) {
                    turn(lane);
                }
                up.bytes = std::min(up.bytes, lane.proxy(leg).carried(Way::up));
                down.bytes = std::min(down.bytes, lane.proxy(leg).carried(Way::down));
            }
            lengths_.push_back(up);
            lengths_.push_back(down);
        }
    }

    /// One cut at one byte of each link, each way, so many times.
    void run_again_and_again(Cut cut, std::size_t after, std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            for (const auto& length : lengths_) {
                points_.push_back({length.leg, {length.way, after, cut}});
            }
        }
        play();
    }

    void run(const Strides& strides) {
        for (const auto& length : lengths_) {
            add(length, Cut::close, strides.close);
            add(length, Cut::reset, strides.reset);
            add(length, Cut::half_close, strides.half_close);
            add(length, Cut::slow, strides.slow);
            add(length, Cut::stall, strides.stall);
        }
        // While the gate subscribes, the answer to the connection before may come and count for this one.
        for (std::size_t after = subscribing_from; after <= subscribing_to; after += 2) {
            points_.push_back({Leg::gate, {Way::down, after, Cut::close}});
        }
        // The slowest lie together at the end: let them be shared by all lanes.
        std::stable_sort(points_.begin(), points_.end(),
                         [](const auto& a, const auto& b) { return a.plan.cut < b.plan.cut; });
        play();
    }

    void play() {
        const auto all = points_.size();
        while (!points_.empty() || !all_idle()) {
            for (auto& lane : lanes_) {
                lane->tick();
                if (lane->over_time()) {
                    ++stuck;
                    std::cerr << "stuck: " << lane->point().text() << ": " << lane->situation() << '\n';
                    lane->give_up();
                }
                if (lane->idle() && !points_.empty()) {
                    lane->begin(points_.front());
                    points_.pop_front();
                    if (const auto done = all - points_.size(); done % 2000 == 0) {
                        std::cerr << done << " of " << all << " points\n";
                    }
                }
            }
            context_.run_for(tick);
        }
        points = all;
    }

    [[nodiscard]] LaneCount count() const {
        LaneCount sum;
        for (const auto& lane : lanes_) {
            const auto one = lane->count();
            sum.written += one.written;
            sum.lost += one.lost;
            sum.duplicated += one.duplicated;
            sum.wrong += one.wrong;
            sum.delivered_twice += one.delivered_twice;
            sum.first_error = sum.first_error.empty() ? one.first_error : sum.first_error;
        }
        return sum;
    }
    [[nodiscard]] std::size_t cuts() const {
        std::size_t sum = 0;
        for (const auto& lane : lanes_) {
            sum += lane->cuts();
        }
        return sum;
    }
    [[nodiscard]] std::chrono::milliseconds longest() const {
        return (*std::max_element(lanes_.begin(), lanes_.end(),
                                  [](const auto& a, const auto& b) { return a->longest() < b->longest(); }))
            ->longest();
    }

    /// A gate that calls delivered what the broker took, under a few of the same cuts.
    std::int64_t lost_trusting_puback() {
        auto lane = make({.name = "trusting", .trusts_puback = true});
        for (std::size_t i = 0; i < 20; ++i) {
            lane->begin({Leg::consumer, {Way::down, 100 + i * 150, Cut::reset}});
            const auto until = clock_.now().instant + 150ms;
            while (!lane->idle() && clock_.now().instant < until) {
                turn(*lane);
            }
            lane->give_up();
        }
        return lane->count().lost;
    }

    /// A consumer that forgets that it has an event already: what cuts make come twice is there twice.
    std::int64_t duplicated_without_memory() {
        auto lane = make({.name = "forgetful", .keeps_all = true});
        must_be_whole(*lane);
        for (std::size_t i = 0; i < 20; ++i) {
            lane->begin({Leg::consumer, {Way::up, 100 + i * 20, Cut::reset}});
            const auto until = clock_.now().instant + 500ms;
            while (!lane->idle() && clock_.now().instant < until) {
                turn(*lane);
            }
            lane->give_up();
        }
        return lane->count().duplicated;
    }

    /// A link that nobody mends: the stream is not whole in time.
    std::int64_t stuck_without_a_way_back() {
        auto lane = make({.name = "cut-off"});
        must_be_whole(*lane);
        lane->proxy(Leg::gate).refuse(true);
        lane->begin({Leg::gate, {Way::up, 500, Cut::reset}});
        const auto until = clock_.now().instant + 500ms;
        while (!lane->idle() && clock_.now().instant < until) {
            turn(*lane);
        }
        return lane->idle() ? 0 : 1;
    }

    std::size_t points = 0;
    std::int64_t stuck = 0;

private:
    struct Length {
        Leg leg;
        Way way;
        std::size_t bytes;
    };

    std::unique_ptr<CutLane> make(CutLane::Plan plan) {
        plan.folder = folder_.path();
        plan.broker_port = broker_.port();
        return std::make_unique<CutLane>(context_, clock_, schemas_, plan);
    }
    void add(const Length& length, Cut cut, std::size_t stride) {
        for (std::size_t after = 0; after <= length.bytes; after += stride) {
            points_.push_back({length.leg, {length.way, after, cut}});
        }
    }
    void turn(CutLane& lane) {
        lane.tick();
        context_.run_for(tick);
    }
    void must_be_whole(CutLane& lane) {
        lane.gate().write(1);
        const auto until = clock_.now().instant + 20s;
        while (!lane.whole()) {
            turn(lane);
            if (clock_.now().instant > until) {
                throw std::runtime_error{"no stream without any cut: " + lane.situation()};
            }
        }
    }
    [[nodiscard]] bool all_idle() const {
        return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->idle(); });
    }

    runtime::SystemClock clock_;
    boost::asio::io_context context_;
    store::testing::TemporaryDirectory folder_;
    testing::Mosquitto broker_{"max_inflight_messages 1000\nmax_queued_messages 100000"};
    central::EventSchemas schemas_{"docs/events"};
    std::vector<std::unique_ptr<CutLane>> lanes_;
    std::vector<Length> lengths_;
    std::deque<CutPoint> points_;
};

/// What is to be cut: all of it, some of it, or one point again and again.
struct Wish {
    bool is_short = false;
    std::string cut;
    std::size_t after = 0;
    std::size_t times = 0;
};

int run(const Wish& wish) {
    testing::Figures figures;
    Laboratory laboratory{wish.is_short ? few_lanes : many_lanes};
    laboratory.measure_sessions();
    if (wish.times > 0) {
        const auto cut = enum_from<Cut>(wish.cut);
        if (!cut) {
            throw std::runtime_error{"there is no cut '" + wish.cut + "'"};
        }
        laboratory.run_again_and_again(*cut, wish.after, wish.times);
    } else {
        laboratory.run(wish.is_short ? some_bytes : every_byte);
    }
    const auto count = laboratory.count();
    const auto n = laboratory.points;
    figures.print("fault.cut_points", static_cast<double>(laboratory.cuts()), "cuts",
                  Aim::at_least(0.95 * static_cast<double>(n)), n, "cuts lay behind the end of their sessions");
    figures.print("fault.cut_lost", static_cast<double>(count.lost), "events", Aim::at_most(0), n,
                  "events that were written never came to the consumer");
    figures.print("fault.cut_duplicated", static_cast<double>(count.duplicated), "events", Aim::at_most(0), n,
                  "the consumer stored events twice");
    figures.print("fault.cut_wrong", static_cast<double>(count.wrong), "events", Aim::at_most(0), n,
                  "events came out of order, or with other bytes: " + count.first_error);
    figures.print("fault.cut_stuck", static_cast<double>(laboratory.stuck), "cuts", Aim::at_most(0), n,
                  "the stream was not whole in time");
    figures.print("fault.cut_longest_ms", static_cast<double>(laboratory.longest().count()), "ms", {}, n);
    // Negative controls: that the cuts do repeat deliveries, that they lose where somebody trusts, and that a link that
    // stays cut is seen.
    figures.print("fault.cut_delivered_twice", static_cast<double>(count.delivered_twice), "events", Aim::at_least(1),
                  n, "no cut made a delivery come twice: the cuts do nothing");
    figures.print("fault.cut_lost_trusting_puback", static_cast<double>(laboratory.lost_trusting_puback()), "events",
                  Aim::at_least(1), 20, "whoever trusts PUBACK lost nothing: the cuts do nothing");
    figures.print("fault.cut_duplicated_without_memory", static_cast<double>(laboratory.duplicated_without_memory()),
                  "events", Aim::at_least(1), 20, "a consumer that stores all that comes stored nothing twice");
    figures.print("fault.cut_stuck_without_a_way_back", static_cast<double>(laboratory.stuck_without_a_way_back()),
                  "cuts", Aim::at_least(1), 1, "a link that stays cut was not seen to be");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_cuts: both links of a stream are cut after every byte"};
    portcullis::fault::Wish wish;
    app.add_flag("--short", wish.is_short, "some hundred cuts instead of all");
    app.add_option("--times", wish.times, "one cut at one byte, so many times on each link and way");
    app.add_option("--cut", wish.cut, "of --times: close, reset, half_close, stall, slow");
    app.add_option("--after", wish.after, "of --times: the byte");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(wish);
    } catch (const std::exception& error) {
        std::cerr << "fault_cuts stopped: " << error.what() << '\n';
        return 1;
    }
}
