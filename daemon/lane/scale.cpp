#include "lane/scale.hpp"

#include <algorithm>
#include <cstdlib>

namespace portcullis::lane {

namespace {

/// A driver says the same again every half second, and silence after two.
constexpr std::chrono::seconds word_counts{3};
/// No road vehicle is lighter: below it the bridge stands empty.
constexpr std::int64_t lightest_vehicle_kg = 1000;

}  // namespace

bool counts(const Weighing& weighing, const WeighSettings& settings, WallTime now) {
    return weighing.state == WeightState::stable && weighing.gross_kg.value_or(0) >= lightest_vehicle_kg &&
           weighing.whole_vehicle == Tristate::yes && weighing.zero_before_kg &&
           std::abs(*weighing.zero_before_kg) <= settings.zero_within_kg && settings.verified_at(now);
}

void Scale::see(const WeightSeen& seen, Instant at) {
    if (at < at_) {
        return;
    }
    if (seen != seen_) {
        seen_ = seen;
        since_ = at;
    }
    at_ = at;
    if (seen.state == WeightState::absent || seen.state == WeightState::fault) {
        zero_.reset();
        off_zero_since_.reset();
        return;
    }
    const bool empty = seen.gross_kg && std::abs(*seen.gross_kg) < lightest_vehicle_kg;
    if (empty && stood_for(since_)) {
        zero_ = seen.gross_kg;
    }
    if (!seen.gross_kg || std::abs(*seen.gross_kg) <= settings_.zero_within_kg) {
        off_zero_since_.reset();
    } else if (!off_zero_since_) {
        off_zero_since_ = at;
    }
}

void Scale::gone(WeightState as, Instant at) {
    see({as, std::nullopt}, std::max(at, at_));
}

WeightState Scale::state(Instant now) const {
    return now - at_ > word_counts ? WeightState::absent : seen_.state;
}

bool Scale::is_out(Instant now) const {
    const auto says = state(now);
    return says == WeightState::absent || says == WeightState::fault;
}

bool Scale::stood_for(Instant since) const {
    return seen_.state == WeightState::stable && seen_.gross_kg &&
           at_ - std::max(since, since_) >= settings_.stable_for;
}

std::optional<std::int64_t> Scale::steady(Instant since) const {
    return stood_for(since) ? seen_.gross_kg : std::nullopt;
}

}  // namespace portcullis::lane
