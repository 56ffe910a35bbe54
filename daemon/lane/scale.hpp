#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/time.hpp"
#include "core/vocabulary.hpp"
#include "core/weight.hpp"

namespace portcullis::lane {

/// What a vehicle weighs, or why that is not known (events.md, weight.taken).
struct Weighing {
    WeightState state = WeightState::absent;
    std::optional<std::int64_t> gross_kg;        ///< of `stable`
    Tristate whole_vehicle = Tristate::unknown;  ///< it stood on the bridge, all of it and nothing else
    std::optional<std::int64_t> zero_before_kg;  ///< what the empty bridge showed last
    Instant at;                                  ///< of the frame that says so
    friend bool operator==(const Weighing&, const Weighing&) = default;
};

/// A weight that a decision may rest on: of the whole vehicle alone, from a bridge that showed zero before, within its
/// legal verification.
[[nodiscard]] bool counts(const Weighing& weighing, const WeighSettings& settings, WallTime now);

/// The weighbridge of a lane as last seen, and what follows from that alone. Nothing is known before the first word,
/// and after silence.
class Scale {
public:
    explicit Scale(WeighSettings settings) : settings_(std::move(settings)) {}

    void see(const WeightSeen& seen, Instant at);
    /// Its device is away, or says itself that it does not work.
    void gone(WeightState as, Instant at);

    /// What it says now; an old word says nothing.
    [[nodiscard]] WeightState state(Instant now) const;
    /// It will not say a weight soon: nobody waits for it.
    [[nodiscard]] bool is_out(Instant now) const;
    /// The weight that it has shown without motion from `since` or later, for as long as the settings ask; said twice.
    [[nodiscard]] std::optional<std::int64_t> steady(Instant since) const;
    /// Since when it says the same.
    [[nodiscard]] Instant since() const { return since_; }
    [[nodiscard]] Instant last_at() const { return at_; }
    /// What the bridge showed when it stood without a vehicle last; nothing since it was away.
    [[nodiscard]] std::optional<std::int64_t> zero() const { return zero_; }
    /// Since when it shows something else than zero, and what.
    [[nodiscard]] std::optional<Instant> off_zero_since() const { return off_zero_since_; }
    [[nodiscard]] std::int64_t shown_kg() const { return seen_.gross_kg.value_or(0); }

private:
    [[nodiscard]] bool stood_for(Instant since) const;

    WeighSettings settings_;
    WeightSeen seen_;
    Instant at_;     ///< of the newest word
    Instant since_;  ///< the same word since then
    std::optional<std::int64_t> zero_;
    std::optional<Instant> off_zero_since_;
};

}  // namespace portcullis::lane
