// What it weighs: which passage a weight belongs to, and when nobody knows.
#include <algorithm>
#include <cstdlib>

#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

/// A vehicle that pulls forward brings its last axle on: another weight than the one that was taken.
constexpr std::int64_t another_weight_kg = 100;

/// A loop is polled and an indicator talks when it likes: a weight that stands this long before the vehicle was seen
/// is another's, or stuck.
constexpr std::chrono::seconds comes_to_rest{1};

constexpr std::array bridge_beams{Role::bridge_beam_front, Role::bridge_beam_rear};

}  // namespace

/// Since when nobody is there, so that the bridge should show zero.
void Lane::watch_bridge(const Turn& turn) {
    const bool idle = passages_.empty() && !inputs_.anything_there();
    if (!idle) {
        nobody_since_.reset();
    } else if (!nobody_since_) {
        nobody_since_ = turn.instant();
    }
}

/// By the beams at its ends, or by the site's word about the place where it lies.
Tristate Lane::whole_on_bridge() const {
    if (passages_.size() > 1) {
        return Tristate::unknown;  // the other one may have an axle on it
    }
    bool all = true;
    for (const auto beam : bridge_beams) {
        if (!inputs_.wired(beam)) {
            all = false;
        } else if (inputs_.on(beam)) {
            return Tristate::no;
        } else if (inputs_.level(beam) == Presence::unknown || !inputs_.settled(beam)) {
            return Tristate::unknown;
        }
    }
    return all || settings_.weigh.holds_whole_vehicle ? Tristate::yes : Tristate::unknown;
}

/// A vehicle drove on, or the one before it drove off, and the bridge showed no change. The loop may not let go between
/// two that stand close: then the second came when nobody saw it, and after the first had begun to leave.
bool Lane::is_stuck(const Passage& passage) const {
    const auto since = scale_.since();
    const auto& detected = passage.times.detected.at();
    const bool before_it_came = detected && came_at_ && since + comes_to_rest < std::min(*detected, *came_at_);
    return before_it_came || (drove_on_at_ && since < *drove_on_at_);
}

/// What the bridge says of the vehicle at the stop line now. A weight that it showed before the vehicle stood there, or
/// while another may have been on it, is another's.
Weighing Lane::weigh(const Passage& passage, Instant now) const {
    Weighing weighing{scale_.state(now), std::nullopt, whole_on_bridge(), scale_.zero(), scale_.last_at()};
    if (!passage.place.on_arrival || passage.place.arm_seen) {
        weighing.whole_vehicle = Tristate::unknown;
        weighing.state = weighing.state == WeightState::stable ? WeightState::moving : weighing.state;
        return weighing;
    }
    if (weighing.state == WeightState::stable && is_stuck(passage)) {
        weighing.state = WeightState::fault;
        return weighing;
    }
    // The head of the lane is asked for its readings when whoever was before it has left by the exit.
    const auto from = std::max(inputs_.since(Role::arrival_loop), passage.reading_since.value_or(now));
    weighing.gross_kg = scale_.steady(from);
    if (!weighing.gross_kg && weighing.state == WeightState::stable) {
        weighing.state = WeightState::moving;  // it does not stand for long enough yet
    }
    return weighing;
}

/// Nothing better will come soon: its weight was taken, or there is none to wait for.
bool Lane::weighed(const Passage& passage, const Turn& turn) const {
    if (!settings_.has(Role::weighbridge) || scale_.is_out(turn.instant())) {
        return true;
    }
    return passage.weighing && passage.weighing->state == WeightState::stable &&
           passage.weighing->whole_vehicle != Tristate::no;
}

/// Takes the weight of the vehicle at the stop line, and another one when that is known better. True = something new.
bool Lane::take_weight(Passage& passage, const Turn& turn) {
    auto weighing = weigh(passage, turn.instant());
    if (weighing.state != WeightState::stable) {
        return false;
    }
    const auto& taken = passage.weighing;
    const bool first = !taken || taken->state != WeightState::stable;
    const bool better = !first && taken->whole_vehicle != Tristate::yes && weighing.whole_vehicle == Tristate::yes;
    const bool other = !first && std::abs(*weighing.gross_kg - *taken->gross_kg) > another_weight_kg;
    if (!first && !better && !other) {
        return false;
    }
    passage.weighing = weighing;
    passage.weight_told = false;
    return true;
}

/// Until the arm is asked to open, a weight that comes late is a fact that the verdict must know.
void Lane::watch_weight(Turn& turn) {
    auto* passage = head();
    if (!settings_.has(Role::weighbridge) || passage == nullptr || !passage->reading_since) {
        return;
    }
    const bool undecided = passage->state() == PassageState::deciding || passage->waits() ||
                           (passage->state() == PassageState::permitted && !passage->permitted());
    if ((undecided || passage->state() == PassageState::identifying) && take_weight(*passage, turn) && undecided &&
        passage->identity) {
        ask(*passage, turn);
    }
}

/// The weight as a decision may use it.
std::optional<std::int64_t> Lane::gross_of(const Passage& passage, const Turn& turn) const {
    const auto& weighing = passage.weighing;
    return weighing && counts(*weighing, settings_.weigh, turn.now().wall) ? weighing->gross_kg : std::nullopt;
}

/// With the tare that the verdict was decided with. One event a weighing, also of a vehicle that none was known of.
void Lane::tell_weight(Passage& passage, const VehicleTare& tare, Turn& turn) {
    if (!settings_.has(Role::weighbridge) || passage.weight_told || !passage.reading_since) {
        return;
    }
    const auto weighing = passage.weighing.value_or(weigh(passage, turn.instant()));
    passage.weight_told = true;
    turn.record(events(turn).weight_taken(passage, weighing, tare, device_of(Role::weighbridge)));
}

}  // namespace portcullis::lane
