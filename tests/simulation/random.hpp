#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace portcullis::simulation {

/// Everything that a seed chooses comes from here: splitmix64, the same on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }
    /// 0 … count − 1
    std::int64_t below(std::int64_t count) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(count));
    }
    /// Both included.
    std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
    bool chance(int permille) { return below(1000) < permille; }
    std::chrono::milliseconds millis(std::int64_t low, std::int64_t high) {
        return std::chrono::milliseconds{between(low, high)};
    }
    double metres(double low, double high) { return low + (high - low) * static_cast<double>(below(1001)) / 1000.0; }
    template <class Items>
    const auto& of(const Items& items) {
        return items[static_cast<std::size_t>(below(static_cast<std::int64_t>(items.size())))];
    }
    std::array<std::uint8_t, 16> bytes() {
        std::array<std::uint8_t, 16> out{};
        for (std::size_t half = 0; half < 2; ++half) {
            const auto number = next();
            for (std::size_t i = 0; i < 8; ++i) {
                out[half * 8 + i] = static_cast<std::uint8_t>(number >> (8U * i));
            }
        }
        return out;
    }

private:
    std::uint64_t state_;
};

}  // namespace portcullis::simulation
