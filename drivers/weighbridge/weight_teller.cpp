#include "drivers/weighbridge/weight_teller.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::chrono::seconds stands{2};
constexpr std::chrono::milliseconds tell_again{500};

}  // namespace

WeightTeller::WeightTeller(const DeviceContext& context, DeviceReporter& reporter,
                           std::optional<std::chrono::milliseconds> steady_for)
    : clock_(context.clock),
      reporter_(reporter),
      steady_for_(steady_for),
      silence_(context.main, context.clock, [this] { gone(clock_.now().instant); }) {}

void WeightTeller::saw(WeightSeen seen, Instant at) {
    silence_.set(at + stands);
    if (steady_for_ && seen.state == WeightState::stable) {
        if (same_ != seen.gross_kg) {
            same_ = seen.gross_kg;
            same_since_ = at;
        }
        if (at - same_since_ < *steady_for_) {
            seen.state = WeightState::moving;
        }
    } else {
        same_.reset();
    }
    if (told_ != seen || at - told_at_ >= tell_again) {
        tell(seen, at);
    }
}

void WeightTeller::gone(Instant at) {
    silence_.cancel();
    same_.reset();
    if (told_ != WeightSeen{}) {
        tell({}, at);
    }
}

void WeightTeller::forget() {
    silence_.cancel();
    same_.reset();
    told_.reset();
}

void WeightTeller::tell(const WeightSeen& seen, Instant at) {
    told_ = seen;
    told_at_ = at;
    reporter_.weight(seen, at);
}

}  // namespace portcullis::drivers
