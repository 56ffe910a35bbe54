// The wall clock jumps under the real daemon while its lanes work and its broker restarts; and the machine has been up
// for 200 days. At the consumer every event is stored once, in order.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <vector>

#include "core/time_text.hpp"
#include "simulators/rig/child_process.hpp"
#include "tests/bench/drain_gate.hpp"
#include "tests/fault/link/consumer_store.hpp"
#include "tests/fault/link/event_source.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using bench::DrainGate;
using testing::Aim;

constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t ten_years_s = 10 * 365 * 24 * hour_s;
constexpr auto uptime_s = "17280000";  // 200 days: beyond 24.8 and 49.7 days, where 32 bits of milliseconds end
/// A link that broke is back, and what waited is stored, within this: the uplink's longest pause is a minute.
constexpr auto longest_stall = 75s;
/// Between two events that far apart the clock has jumped.
constexpr auto visible_jump = 30min;

/// Beside this program.
std::filesystem::path built(const char* name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

struct Compared {
    std::int64_t lost = 0;
    std::int64_t order_errors = 0;  ///< out of order, or with other bytes
    std::int64_t jumps = 0;         ///< that the events' own times show
    std::int64_t events = 0;
    double uptime_days = 0;  ///< by the newest event
};

/// What the journal holds against what the consumer stored. `leave_out`: an event that is taken for not stored.
Compared compare(store::Journal& journal, const std::filesystem::path& consumer, std::int64_t leave_out = 0) {
    Compared found;
    std::vector<store::EventRow> rows;
    while (true) {
        auto more = journal.read_from(static_cast<std::int64_t>(rows.size()) + 1, 1000, 1U << 24U);
        if (!more || more.value().empty()) {
            break;
        }
        for (auto& row : std::move(more).value()) {
            rows.push_back(std::move(row));
        }
    }
    std::int64_t next = 1;
    std::int64_t stored = 0;
    read_consumer_store(consumer, [&](std::int64_t sequence, const std::string& bytes) {
        if (sequence == leave_out) {
            return;
        }
        ++stored;
        const auto place = static_cast<std::size_t>(sequence - 1);
        const bool as_written = place < rows.size() && rows[place].published == bytes;
        found.order_errors += (sequence == next || sequence == leave_out + 1) && as_written ? 0 : 1;
        next = sequence + 1;
    });
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto passed = rows[i].time - rows[i - 1].time;
        found.jumps += passed > visible_jump || passed < -visible_jump ? 1 : 0;
    }
    if (!rows.empty()) {
        const auto newest = boost::json::parse(rows.back().published);
        constexpr double ns_a_day = 86'400e9;
        found.uptime_days = std::stod(std::string{newest.at("monotonicns").as_string()}) / ns_a_day;
    }
    found.events = static_cast<std::int64_t>(rows.size());
    found.lost = found.events - stored;
    return found;
}

struct Result {
    Compared compared;
    std::int64_t lost_when_one_is_missing = 0;
    std::int64_t jumps = 0;
    double longest_stall_ms = 0;
};

/// One daemon's life: a jump, a truck, a broker that dies, and everything stored again; for each offset.
class Life {
public:
    Life(const std::filesystem::path& daemon, const std::filesystem::path& folder, bool long_uptime)
        : folder_(folder), times_(folder / "clock") {
        std::filesystem::create_directories(folder);
        std::ofstream{times_, std::ios::binary} << std::string(sizeof(std::int64_t), '\0');
        DrainGate::Plan plan{.daemon = daemon, .profiles = "config/profiles", .folder = folder, .lanes = 14};
        if (long_uptime) {
            plan.launcher = {"unshare", "--time", "--monotonic", uptime_s, "--boottime", uptime_s};
        } else {
            plan.environment = {{"LD_PRELOAD", built("libfault_wall_clock.so").string()},
                                {"FAULT_WALL_CLOCK", times_.string()}};
        }
        gate_.emplace(context_, clock_, plan);
        gate_->prepare();
        gate_->start_consumer(gate_->prefix());
        gate_->start_daemon();
        wait_for_more("the stream before any jump", 0);
    }

    /// The wall clock stands so far from the true one. `broker_dies`: right after the jump.
    void jump(std::int64_t offset_s, bool broker_dies) {
        const auto before = gate_->acknowledged();
        const auto began = clock_.now().instant;
        set_clock(offset_s);
        if (broker_dies) {
            gate_->broker().kill();
            gate_->broker().start();
        }
        gate_->send_truck();
        // The truck's own events; a few more may come of the jump itself, and some of the truck before it.
        wait_for_more("what happened after a jump of " + std::to_string(offset_s) + " s", before + 3);
        gate_->turn_until("an event of the time after a jump of " + std::to_string(offset_s) + " s", longest_stall,
                          [&] { return newest_is_of(offset_s); });
        const std::chrono::duration<double, std::milli> took = clock_.now().instant - began;
        result_.longest_stall_ms = std::max(result_.longest_stall_ms, took.count());
        ++result_.jumps;
    }

    Result end() {
        gate_->stop_daemon();
        const auto journal = open_journal(folder_ / "state");
        const auto last = journal->last().sequence;
        gate_->turn_until("the last events at the consumer", longest_stall,
                          [&] { return gate_->acknowledged() >= last; });
        gate_->stop_consumer();
        const auto store = folder_ / "consumer-1.db";
        result_.compared = compare(*journal, store);
        result_.lost_when_one_is_missing = compare(*journal, store, last / 2).lost;
        return result_;
    }

private:
    /// The daemon has the file in its memory and looks at it whenever it looks at the clock: eight bytes, written at
    /// once.
    void set_clock(std::int64_t offset_s) const {
        std::fstream file{times_, std::ios::in | std::ios::out | std::ios::binary};
        file.write(reinterpret_cast<const char*>(&offset_s), sizeof offset_s);
        if (!file.flush()) {
            throw std::runtime_error{"cannot write " + times_.string()};
        }
    }
    /// The newest event that the consumer stored was written by a clock that stands so far from the true one.
    [[nodiscard]] bool newest_is_of(std::int64_t offset_s) const {
        std::string newest;
        read_consumer_store(folder_ / "consumer-1.db", [&](std::int64_t, const std::string& bytes) { newest = bytes; });
        const auto time = time_from_text(std::string{boost::json::parse(newest).at("time").as_string()});
        const auto away = time.value_or(WallTime{}) - (clock_.now().wall + std::chrono::seconds{offset_s});
        return time && away < visible_jump && away > -visible_jump;
    }
    void wait_for_more(const std::string& what, std::int64_t than) {
        gate_->turn_until(what, longest_stall, [&] { return gate_->acknowledged() > than; });
    }

    std::filesystem::path folder_;
    std::filesystem::path times_;
    runtime::SystemClock clock_;
    boost::asio::io_context context_;
    std::optional<DrainGate> gate_;
    Result result_;
};

/// Whether a time namespace may be made here: it needs root, or a kernel that lets users have one.
bool uptime_can_be_set(const std::filesystem::path& folder) {
    rig::ChildProcess probe{{"unshare", "--time", "--monotonic", uptime_s, "--boottime", uptime_s, "true"},
                            folder / "unshare.log"};
    return probe.wait(10s) == 0;
}

int run(bool is_short) {
    store::testing::TemporaryDirectory folder;
    const auto daemon = built("portcullisd");
    const auto now_s =
        std::chrono::duration_cast<std::chrono::seconds>(runtime::SystemClock{}.now().wall.time_since_epoch()).count();
    Life jumping{daemon, folder.path() / "jumping", false};
    // Each from the one before it: +1 h, −1 h, +10 years, −10 years, 1970, and back to the truth. The broker dies at
    // each step back, in the long form at each; a link that breaks so often comes back later each time.
    const std::array offsets{hour_s, std::int64_t{0}, ten_years_s, std::int64_t{0}, -now_s, std::int64_t{0}};
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const bool back = i > 0 && offsets.at(i) < offsets.at(i - 1);
        jumping.jump(offsets.at(i), back || !is_short);
    }
    if (!is_short) {
        for (const auto offset : offsets) {
            jumping.jump(offset, false);
        }
    }
    const auto jumped = jumping.end();
    auto lost = jumped.compared.lost;
    auto order_errors = jumped.compared.order_errors;
    auto stall_ms = jumped.longest_stall_ms;
    testing::Figures figures;
    const auto n = static_cast<std::size_t>(jumped.jumps);
    if (uptime_can_be_set(folder.path())) {
        Life old{daemon, folder.path() / "old", true};
        old.jump(0, true);
        old.jump(0, false);
        const auto aged = old.end();
        lost += aged.compared.lost;
        order_errors += aged.compared.order_errors;
        stall_ms = std::max(stall_ms, aged.longest_stall_ms);
        figures.print("fault.clock_uptime_days", aged.compared.uptime_days, "days", Aim::at_least(200), 1,
                      "the daemon did not believe the machine to be old");
    } else {
        std::cerr << "fault_clock: no time namespace may be made here (that needs root): the 200 days of uptime were "
                     "not tried\n";
    }
    // That the jumps happened is what the events' own times say.
    figures.print("fault.clock_jumps", static_cast<double>(jumped.compared.jumps), "jumps",
                  Aim::at_least(static_cast<double>(jumped.jumps)), n, "the daemon's clock did not jump");
    figures.print("fault.clock_lost", static_cast<double>(lost), "events", Aim::at_most(0), n,
                  "events of the journal are not at the consumer");
    figures.print("fault.clock_order_errors", static_cast<double>(order_errors), "events", Aim::at_most(0), n,
                  "events are out of order at the consumer, or have other bytes");
    figures.print("fault.clock_max_stall_ms", stall_ms, "ms",
                  Aim::at_most(std::chrono::duration<double, std::milli>{longest_stall}.count()), n,
                  "the stream stood still after a jump");
    figures.print("fault.clock_lost_when_one_is_missing", static_cast<double>(jumped.lost_when_one_is_missing),
                  "events", Aim::at_least(1), 1, "a missing event is not seen");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_clock: the wall clock jumps while the daemon works and delivers"};
    bool is_short = false;
    app.add_flag("--short", is_short, "each jump once");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_clock stopped: " << error.what() << '\n';
        return 1;
    }
}
