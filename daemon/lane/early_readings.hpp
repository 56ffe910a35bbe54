#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "lane/reading_taken.hpp"

namespace portcullis::lane {

/// A loop is polled, and a reader talks when it likes: a vehicle's reading may be this much older than its arrival.
inline constexpr std::chrono::milliseconds before_its_loop{500};

/// Readings of nobody, for as long as the loop of their vehicle may still be seen to rise.
class EarlyReadings {
public:
    /// Beyond this the oldest makes room. More than a lane has readers, so that each can have two texts.
    static constexpr std::size_t most = 16;

    /// Keeps it, in place of what its reader said in the same words before. What it displaced is nobody's.
    [[nodiscard]] std::optional<ReadingTaken> keep(ReadingTaken taken);
    /// Those whose time is over: nobody's.
    [[nodiscard]] std::vector<ReadingTaken> overdue(Instant now);
    /// Somebody has come: what is still kept is its own, the oldest first.
    [[nodiscard]] std::vector<ReadingTaken> hand_over();
    /// When `overdue` has something to say.
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    std::vector<ReadingTaken> kept_;  ///< in the order in which they came
};

}  // namespace portcullis::lane
