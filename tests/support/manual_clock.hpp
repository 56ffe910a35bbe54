#pragma once

#include <atomic>
#include <chrono>

#include "runtime/clock.hpp"

namespace portcullis::testing {

/// A clock that stands still until a test moves it. The two clocks move apart only when the test says so.
class ManualClock final : public runtime::Clock {
public:
    [[nodiscard]] Now now() const override {
        return {.instant = Instant{std::chrono::nanoseconds{steady_ns_.load()}},
                .wall = WallTime{std::chrono::milliseconds{wall_ms_.load()}},
                .clock_state = state_.load()};
    }

    /// Time passes, on both clocks.
    void advance(std::chrono::milliseconds by) {
        steady_ns_ += std::chrono::nanoseconds{by}.count();
        wall_ms_ += by.count();
    }
    /// Somebody sets the wall clock.
    void step_wall(std::chrono::milliseconds by) { wall_ms_ += by.count(); }
    void set_state(ClockState state) { state_ = state; }

private:
    std::atomic<std::int64_t> steady_ns_{std::chrono::nanoseconds{std::chrono::hours{1}}.count()};
    std::atomic<std::int64_t> wall_ms_{1'795'482'122'000};  // 2026-11-24T01:02:02Z
    std::atomic<ClockState> state_{ClockState::synchronised};
};

}  // namespace portcullis::testing
