#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::lane {

/// What is known of one vehicle's radiation.
struct PassageRadiation {
    RadiationState own = RadiationState::not_monitored;    ///< of the lane's own monitor; an alarm stays
    bool seen = false;                                     ///< an occupancy was given to it, or is being measured
    bool measuring = false;                                ///< its occupancy has not ended
    RadiationState ahead = RadiationState::not_monitored;  ///< of the transits that it claimed, or may be
    bool ahead_open = false;                               ///< one of them has not ended
    RadiationState told = RadiationState::not_monitored;   ///< the alarm that was told of it
    RadiationState asked = RadiationState::not_monitored;  ///< what the newest question said
    Value occupancy = "unknown";                           ///< sequence of the event that tells of it
    bool rescan_told = false;

    /// Nothing that is waited for is still to come.
    [[nodiscard]] bool measured() const { return !measuring && !ahead_open; }
    /// An alarm of any counts; one complete and clean occupancy of its own makes it clean; unknown is more than
    /// nothing.
    [[nodiscard]] RadiationState state() const {
        const auto own_now = measuring ? joined(own, RadiationState::unknown) : own;
        for (const auto state : {RadiationState::high, RadiationState::suspect, RadiationState::clean}) {
            if (own_now == state || ahead == state) {
                return state;
            }
        }
        return own_now == RadiationState::unknown ? own_now : ahead;
    }
};

/// One vehicle, as the lane's own monitor may have seen it: in the order in which they drive.
struct Candidate {
    PassageId passage;
    Instant detected;
    bool seen = false;
};

/// The lane's own radiation monitor, which stands before its arrival loop or at it: what it says, in occupancies, and
/// to which vehicles each belongs. Pure.
class RadiationWatcher {
public:
    /// An occupancy that has ended, and what is still to be told of it.
    struct Occupancy {
        Instant began;
        Instant ended;
        OccupancyEnded what;
        RadiationState state = RadiationState::unknown;
        std::vector<PassageId> owners;
        bool told = false;
    };

    RadiationWatcher(RadiationLimits limits, std::chrono::milliseconds lead) : limits_(limits), lead_(lead) {}

    void monitored(const RadiationWatch& watch) { watch_ = watch; }
    [[nodiscard]] bool monitored() const { return watch_.monitored; }
    [[nodiscard]] const std::string& cause() const { return watch_.cause; }

    /// The owners so far: vehicles that the loop saw right before and that had no occupancy yet.
    std::vector<PassageId> began(Instant at, const std::vector<Candidate>& candidates);
    /// The owners of the occupancy that is in alarm.
    std::vector<PassageId> alarm(RadiationLevel level, Instant at);
    /// Closes the open occupancy; one that was not seen to begin began so long ago as it says.
    Occupancy ended(Instant at, const OccupancyEnded& what);
    /// What a vehicle that the arrival loop sees now has been through: nothing, if nothing can be its own. `measuring`
    /// when its occupancy is open still.
    struct Found {
        std::optional<RadiationState> state;
        bool measuring = false;
    };
    Found arrived(const PassageId& passage, Instant at);
    /// A vehicle left by the back: one occupancy about then is its way back through the beam.
    void left_by_the_back(const PassageId& passage, Instant at);
    /// The arrival loop holds a vehicle: who was measured waits behind it.
    void loop_held(bool held, Instant at);
    /// Occupancies that are to be told now: those with owners, and those that can have none any more.
    [[nodiscard]] std::vector<Occupancy> take_told(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] bool open() const { return open_.has_value(); }

    /// The loop may see a vehicle this long before its beam is broken: polls and debouncing.
    static constexpr std::chrono::seconds lag{2};
    static constexpr std::size_t most_kept = 8;

private:
    struct Open {
        Instant began;
        RadiationLevel level = RadiationLevel::none;
        std::vector<PassageId> owners;
    };
    struct Leaver {
        PassageId passage;
        Instant at;
    };
    [[nodiscard]] bool expired(const Occupancy& one, Instant now) const;

    RadiationLimits limits_;
    std::chrono::milliseconds lead_;
    RadiationWatch watch_{false, "not_heard_yet"};
    std::optional<Open> open_;
    std::deque<Occupancy> kept_;
    std::optional<Leaver> leaver_;
    bool held_ = false;
    Instant free_since_;
};

}  // namespace portcullis::lane
