#pragma once

#include <cstdint>
#include <vector>

#include "tests/fault/support/day.hpp"

namespace portcullis::fault {

struct TracedDay {
    std::int64_t writing_calls = 0;  ///< that were begun
    bool killed = false;
    bool ordered = false;     ///< it ended by itself, in order
    std::vector<Word> words;  ///< what the day told the world, in its last moment as well
};

/// Plays a day in a process of its own, which is killed at the entry of its `kill_at`th system call that can change the
/// disk (counted from 1; 0 = never). Own ptrace: some hundred times faster than a tracer started for each point, and no
/// program more to install. Throws std::system_error.
[[nodiscard]] TracedDay run_traced(DayPlan plan, std::int64_t kill_at);

}  // namespace portcullis::fault
