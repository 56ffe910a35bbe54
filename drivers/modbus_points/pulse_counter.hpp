#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace portcullis::drivers {

/// Compares the levels of an input with the module's own counter of its rising edges, which is read right before
/// them, so that a pulse shorter than a poll is not lost. An edge between both reads is in the level first and in the
/// counter at the next poll: so one seen edge may wait for its count. Pure.
class PulseCounter {
public:
    explicit PulseCounter(unsigned bits = 32)
        : mask_(bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1) {}

    /// The levels that the poll has missed since the read before, in their order; the last of them is not `level`.
    /// A counter that went back or jumped (restart, cleared) is learnt anew and tells nothing.
    [[nodiscard]] std::vector<bool> read(std::uint64_t counter, bool level) {
        const auto before = counter_;
        const bool was = level_;
        counter_ = counter;
        level_ = level;
        if (!before) {
            return {};
        }
        const auto counted = (counter - *before) & mask_;
        const bool rose = !was && level;
        if (counted > most_counted) {
            waiting_ = 0;
            return {};
        }
        waiting_ = std::min<std::int64_t>(1, waiting_ + (rose ? 1 : 0) - static_cast<std::int64_t>(counted));
        const auto missed = std::min<std::int64_t>(most_told, std::max<std::int64_t>(0, -waiting_));
        waiting_ = std::max<std::int64_t>(0, waiting_);
        std::vector<bool> levels;
        bool now = was;
        for (auto rises = missed + (rose ? 1 : 0); missed > 0 && rises > 0; --rises) {
            if (now) {
                levels.push_back(false);
            }
            levels.push_back(true);
            now = true;
        }
        if (!levels.empty() && levels.back() == level) {
            levels.pop_back();
        }
        return levels;
    }

    /// What the device does now is not what it did before.
    void forget() {
        counter_.reset();
        waiting_ = 0;
    }

private:
    /// Between two polls: beyond it the counter was cleared or set.
    static constexpr std::uint64_t most_counted = 1000;
    static constexpr std::int64_t most_told = 16;

    std::uint64_t mask_;
    std::optional<std::uint64_t> counter_;
    bool level_ = false;
    std::int64_t waiting_ = 0;  ///< edges seen whose count has not come: at most one
};

}  // namespace portcullis::drivers
