#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/radiation.hpp"
#include "core/time.hpp"

namespace portcullis::drivers {

/// Makes occupancies of what a radiation monitor says, sample by sample, for drivers: an alarm counts from its first
/// sample to the end, and an occupancy is clean only if it was seen to begin and to end and was monitored all along.
/// Pure.
class OccupancyTeller {
public:
    using Tell = std::function<void(const RadiationSeen&, Instant)>;
    explicit OccupancyTeller(Tell tell) : tell_(std::move(tell)) {}

    /// Empty `cause` = it measures. Told on change.
    void watch(const std::string& cause, Instant at);
    /// Nothing is known of it any more: an occupancy that is open ends incomplete, and it is told anew what it is.
    void lost(const std::string& cause, Instant at);
    /// What the background is, where the monitor says it.
    void background(std::int64_t cps) { background_ = cps; }
    /// Nothing, where what it says of it is no number.
    void no_background() { background_.reset(); }

    void began(Instant at);
    /// Something is there already when it is first heard: what was before is not known.
    void begin_not_seen(Instant at);
    /// In an occupancy; an alarm in none is in one that was not seen to begin.
    void alarm(bool gamma, bool neutron, Instant at);
    void gamma(std::int64_t cps);
    void neutrons(std::int64_t count);
    void speed(std::int64_t mm_s, Instant at);
    /// One that was not seen to begin is incomplete.
    void ended(Instant at);
    void incomplete(const std::string& cause, Instant at);
    [[nodiscard]] bool open() const { return open_.has_value(); }

private:
    struct Open {
        Instant began;
        bool gamma = false;
        bool neutron = false;
        bool unmonitored = false;
        std::optional<std::int64_t> gamma_max_cps;
        std::optional<std::int64_t> neutron_count;
        std::optional<std::int64_t> speed_mm_s;
        std::string incomplete;  ///< why, if it is
    };
    struct Speed {
        std::int64_t mm_s = 0;
        Instant at;
    };
    void close(OccupancyState otherwise, Instant at);

    Tell tell_;
    std::optional<std::string> cause_;  ///< as told
    std::optional<std::int64_t> background_;
    std::optional<Speed> speed_;  ///< that came before the occupancy began
    std::optional<Open> open_;
};

}  // namespace portcullis::drivers
