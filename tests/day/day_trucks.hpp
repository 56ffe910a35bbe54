#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/verdict.hpp"
#include "tests/simulation/manifest.hpp"
#include "tests/simulation/random.hpp"

namespace portcullis::simulation {

/// What a truck of the day is, and what its papers deserve.
struct DayTruck {
    std::string kind;
    VerdictOutcome expected = VerdictOutcome::release;
    bool drawn = false;  ///< by the gate's own draw
    std::int64_t gross_kg = 0;
};

/// Two hundred trucks of every kind that a port knows, in a mixed order over two lanes in and two lanes out.
struct DayTrucks {
    std::vector<std::vector<Arrival>> lanes;  ///< in-1, in-2, out-1, out-2
    std::vector<Order> orders;                ///< targeting
    std::map<std::string, DayTruck> by_plate;
};

inline constexpr std::size_t lanes_in = 2;
inline constexpr std::size_t lanes_a_day = 4;
inline constexpr std::size_t trucks_a_day = 200;

[[nodiscard]] DayTrucks day_trucks(Random random);

/// Adds what the day's weighbridge, portal, seal readers and draw say of a truck.
void measure(const DayTrucks& day, PassageFacts& facts, WallTime now);

}  // namespace portcullis::simulation
