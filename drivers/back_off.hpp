#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace portcullis::drivers {

/// The pause before the next attempt at something that fails: doubles from `least` to `most`, each drawn up to a
/// quarter shorter, so that devices that failed together do not come back together.
class BackOff {
public:
    BackOff(std::chrono::milliseconds least, std::chrono::milliseconds most)
        : least_(least), most_(most), next_(least), random_(std::random_device{}()) {}

    /// The pause after one more failure.
    [[nodiscard]] std::chrono::milliseconds fail() {
        const auto pause = next_;
        next_ = std::min(next_ * 2, most_);
        std::uniform_int_distribution<std::int64_t> shorter{0, pause.count() / 4};
        return pause - std::chrono::milliseconds{shorter(random_)};
    }
    /// It worked.
    void reset() { next_ = least_; }

private:
    std::chrono::milliseconds least_;
    std::chrono::milliseconds most_;
    std::chrono::milliseconds next_;
    std::minstd_rand random_;
};

/// For units of a bus and for ports that are to be opened again.
inline constexpr std::chrono::milliseconds first_pause{100};
inline constexpr std::chrono::milliseconds longest_pause{10'000};

}  // namespace portcullis::drivers
