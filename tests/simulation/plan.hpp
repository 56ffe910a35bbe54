#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/lane_settings.hpp"
#include "core/point.hpp"
#include "core/policy.hpp"
#include "simulators/world/barrier.hpp"
#include "simulators/world/geometry.hpp"
#include "tests/simulation/random.hpp"

namespace portcullis::simulation {

/// What may go wrong in the world or the gate for a while.
enum class Trouble : std::uint8_t {
    input_unknown,
    input_stuck_on,
    input_stuck_off,
    input_flickers,
    module_offline,
    reader_offline,
    open_limit_dead,
    closed_limit_stuck,
    arm_stuck,
    arm_forced,  ///< lifted by hand or key
    arm_broken_off,
    power_lost,
    journal_full,
    journal_slow,
    broker_down
};
inline constexpr std::size_t trouble_count = 15;

/// Permille of what goes wrong in single acts.
struct Chances {
    int plate_missing = 0;
    int container_missing = 0;
    int wrong_digit = 0;
    int other_number = 0;
    int late_reading = 0;
    int repeated_reading = 0;
    int reading_of_next = 0;
    int write_failed = 0;
    int write_slow = 0;  ///< past its not_after
    int write_unknown = 0;
    int answer_late = 0;
    int answer_lost = 0;
    int look_up_failed = 0;
    int tailgates = 0;
    int wrong_way = 0;
    int backs_out = 0;
    int returns = 0;
    int stops_under = 0;
    int tight_gap = 0;
    int loop_gap = 0;
    int appointed = 0;  ///< comes by an appointment of its plate, not by a release of its box
    int targeted = 0;
    int cloned = 0;  ///< carries a number that another vehicle carried before
};

/// What the output module does with the arm when its host is lost; lights are off then, `portcullis check` holds that.
struct SafeOutputs {
    SafeOutput arm_up = SafeOutput::off;
    SafeOutput arm_down_request = SafeOutput::off;
};

/// One lane as the seed builds it.
struct LanePlan {
    LaneSettings settings;
    world::BarrierBoard board;
    SafeOutputs safe;
    int vehicles = 0;
    std::int64_t spawn_from_ms = 4000;
    std::int64_t spawn_to_ms = 16000;
};

struct Manifest;

/// Everything that a seed decides before the first step.
struct Plan {
    std::uint64_t seed = 0;
    std::vector<LanePlan> lanes;
    Policy policy;
    Chances chances;
    std::vector<Trouble> troubles;  ///< kinds that occur; empty in a calm run
    std::int64_t trouble_every_ms = 0;
    std::int64_t actions_a_life = 0;           ///< killed after about so many actions; 0 = never
    std::shared_ptr<const Manifest> manifest;  ///< who comes, where no seed draws it
    bool commits_before_back = false;  ///< what waited is committed before the lanes hear that the journal is back
};

[[nodiscard]] Plan plan_for(std::uint64_t seed);

/// Where the sensors stand in the simulation: closer than in life, so that a passage takes fewer steps.
[[nodiscard]] world::Geometry short_geometry();

/// Longest time for which nothing can happen to a vehicle that nobody sees.
inline constexpr std::chrono::seconds abandon_after{40};

}  // namespace portcullis::simulation
