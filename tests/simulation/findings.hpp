#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace portcullis::simulation {

/// A broken promise of design.md 10.
struct Violation {
    int invariant = 0;
    std::int64_t step = 0;
    Instant at;
    std::string lane;
    std::string what;
};

/// Where checks put what they found, with the step at which it happened.
class Findings {
public:
    void step(Instant now) {
        ++step_;
        now_ = now;
    }
    void add(int invariant, std::string lane, std::string what) {
        if (violations_.size() < most) {
            violations_.push_back({invariant, step_, now_, std::move(lane), std::move(what)});
        }
    }
    [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }
    [[nodiscard]] std::int64_t steps() const { return step_; }

private:
    static constexpr std::size_t most = 20;
    std::int64_t step_ = 0;
    Instant now_;
    std::vector<Violation> violations_;
};

}  // namespace portcullis::simulation
