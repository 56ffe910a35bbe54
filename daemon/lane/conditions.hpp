#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/condition_watch.hpp"
#include "core/time.hpp"

namespace portcullis::lane {

/// States of a lane that matter by how long they last (events.md, condition.began).
enum class Condition : std::uint8_t { arm_up_clear, presence_stuck, presence_unknown, loop_chatter, weight_not_zero };

/// Begins a condition when it has held for its time, and ends it when it no longer does.
class Conditions {
public:
    explicit Conditions(std::chrono::milliseconds weight_not_zero_after) : watched_(watches(weight_not_zero_after)) {}

    /// `since` = from when it has held, or nothing. `value` is a count that belongs to it.
    void watch(Condition condition, std::optional<Instant> since, std::int64_t value, Instant now,
               std::vector<ConditionChange>& changes);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    static std::array<ConditionWatch, 5> watches(std::chrono::milliseconds weight_not_zero_after) {
        return {
            // An arm stays up that long after the last vehicle before somebody should look; a truck stands on a loop
            // that long before the loop is the likelier cause (devices.md: stuck after 10 min).
            ConditionWatch{"arm_up_clear", std::chrono::seconds{30}},
            ConditionWatch{"presence_stuck", std::chrono::seconds{600}},
            ConditionWatch{"presence_unknown", std::chrono::seconds{0}},
            ConditionWatch{"loop_chatter", std::chrono::seconds{0}},
            ConditionWatch{"weight_not_zero", weight_not_zero_after},
        };
    }

    std::array<ConditionWatch, 5> watched_;
};

}  // namespace portcullis::lane
