#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/run/random_passages.hpp"
#include "tests/fault/hostile/hostile_broker.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {

/// Vehicles that came while a broker flooded the gate.
struct FloodCount {
    std::int64_t served = 0;    ///< the arm went up for them
    std::int64_t missed = 0;    ///< had a release, and no arm went up in time
    std::int64_t flood_mb = 0;  ///< what the gate took meanwhile
};

/// The daemon with lanes, a good broker and central, and the hostile one between it and the good one.
class HostileBench {
public:
    /// Throws std::runtime_error when no good session comes to begin with.
    HostileBench();
    HostileBench(const HostileBench&) = delete;
    HostileBench& operator=(const HostileBench&) = delete;
    HostileBench(HostileBench&&) = delete;
    HostileBench& operator=(HostileBench&&) = delete;

    /// Plays a case, and then asks for a good session.
    void run(const HostileCase& hostile);
    /// The good broker keeps garbage for every topic that the gate listens to, and hands it out at each of `starts`.
    void poison(const std::vector<std::string>& topics, int starts);
    /// Vehicles with releases come for so long while `flood` is sent again and again.
    FloodCount vehicles_in(const HostileCase& flood, std::chrono::seconds time);
    /// What must be counted is: a dead daemon, a broker that never comes back, a daemon that does not answer, a vehicle
    /// that waits in vain. The last is returned.
    FloodCount break_on_purpose();

    std::int64_t crashes = 0;
    std::int64_t stuck = 0;
    std::int64_t missed = 0;  ///< answers of the deciding thread that were late
    std::int64_t asked = 0;
    std::int64_t poisoned_starts = 0;
    std::int64_t resident_first = 0;  ///< KiB, after the first good session
    std::int64_t resident_most = 0;   ///< KiB, of all looks afterwards

    [[nodiscard]] std::string prefix() const { return gate_.prefix(); }

private:
    void ask();
    bool until(const std::function<bool()>& so, std::chrono::milliseconds patience);
    void pass(std::chrono::milliseconds time);
    void start_daemon();
    /// Orders come in, and central has acknowledged every event.
    bool good_session(std::chrono::milliseconds patience);
    bool good_session_with(const std::vector<std::string>& orders, std::chrono::milliseconds patience);
    /// A good session, or the gate counts as stuck and begins anew.
    void recover(const std::string& from);
    void let_vehicles_come();
    void look_at_memory();
    [[nodiscard]] std::int64_t served() const;
    [[nodiscard]] std::int64_t unserved() const;

    runtime::SystemClock clock_;
    store::testing::TemporaryDirectory folder_;
    boost::asio::io_context context_;
    std::deque<run::ShortPassages> players_;  ///< lanes call them as long as there is a gate
    rig::GateRig gate_;
    HostileBroker broker_;
    std::optional<boost::json::object> status_;
    bool answered_ = false;  ///< this daemon has: from now on a missing answer is one missed
    std::vector<run::ShortPassage> vehicles_;
};

}  // namespace portcullis::fault
