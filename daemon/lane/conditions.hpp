#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace portcullis::lane {

/// States of a lane that matter by how long they last (events.md, condition.began).
enum class Condition : std::uint8_t { arm_up_clear, presence_stuck, presence_unknown };

struct ConditionChange {
    std::string_view name;
    Instant since;
    std::int64_t value = 0;
    bool ended = false;
};

/// Begins a condition when it has held for its time, and ends it when it no longer does.
class Conditions {
public:
    /// `since` = from when it has held, or nothing. `value` is a count that belongs to it.
    void watch(Condition condition, std::optional<Instant> since, std::int64_t value, Instant now,
               std::vector<ConditionChange>& changes);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Watched {
        std::optional<Instant> since;
        std::optional<Instant> begun;
    };
    std::array<Watched, 3> watched_{};
};

}  // namespace portcullis::lane
