#pragma once

#include <algorithm>
#include <chrono>
#include <functional>

namespace portcullis::uplink {

/// Pauses between attempts to connect: exponential with full jitter, so that a thousand gates that lost one broker do
/// not come back in the same second.
class Backoff {
public:
    /// A random number in [0, 1): the system's in a gate, the seed's in simulation.
    using Random = std::function<double()>;

    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most, Random random)
        : first_(first), most_(most), ceiling_(first), random_(std::move(random)) {}

    /// The pause before the next attempt: anything up to a ceiling that doubles with each.
    [[nodiscard]] std::chrono::milliseconds next() {
        const auto ceiling = ceiling_;
        ceiling_ = std::min(ceiling_ * 2, most_);
        const auto share = std::clamp(random_(), 0.0, 1.0);
        return std::chrono::milliseconds{
            static_cast<std::chrono::milliseconds::rep>(share * static_cast<double>(ceiling.count()))};
    }
    /// After a connection that held.
    void reset() { ceiling_ = first_; }

private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds most_;
    std::chrono::milliseconds ceiling_;
    Random random_;
};

}  // namespace portcullis::uplink
