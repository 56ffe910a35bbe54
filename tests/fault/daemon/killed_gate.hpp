#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "tests/integration/three_views.hpp"

namespace portcullis::fault {

struct KilledGatePlan {
    std::filesystem::path folder;
    std::filesystem::path programs;     ///< `portcullisd` and the library that kills it
    std::vector<std::int64_t> kill_at;  ///< for each life: its n-th call that changes the disk
    std::size_t lanes = 4;
    std::size_t passages_after = 8;  ///< of the last life, which nobody kills
};

struct KilledGate {
    std::int64_t kills = 0;
    testing::ThreeViews views;  ///< the witness's is central's: there is none
    std::int64_t arm_ups = 0;
    std::vector<std::string> without_record;
    std::size_t late_found = 0;  ///< control: 1 when an arm that goes up a minute after its command is found out
    std::string trouble;         ///< what kept the gate from its end
};

/// The built daemon with lanes on which vehicles come all the time, killed and restarted. Throws std::runtime_error.
[[nodiscard]] KilledGate play_killed_gate(const KilledGatePlan& plan, const runtime::Clock& clock);

}  // namespace portcullis::fault
