// Radiation: whose an occupancy of the lane's own monitor is, what a passage's state is, and the latch (design.md 3,
// 4).
#include <algorithm>
#include <utility>

#include "lane/fields.hpp"
#include "lane/lane.hpp"
#include "lane/memory.hpp"
#include "lane/radiation_events.hpp"

namespace portcullis::lane {

namespace {

constexpr std::size_t most_alarmed = 32;
/// Who comes again later is another visit.
constexpr std::chrono::hours rescan_within{2};

/// It waits for a verdict, or a stricter one can still keep the arm down, or is to be on record.
bool is_judged(const Passage& passage) {
    return passage.identity && (passage.waits() || passage.state() == PassageState::deciding ||
                                passage.state() == PassageState::permitted ||
                                (passage.state() == PassageState::passing && passage.permitted()));
}

bool shares_a_plate(const std::vector<std::string>& some, const std::vector<std::string>& others) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
        return std::find(others.begin(), others.end(), one) != others.end();
    });
}

}  // namespace

// ---- the lane's own monitor

void Lane::see_radiation(const Observed& observed, const RadiationSeen& seen) {
    std::visit([&](const auto& what) { see_radiation(what, observed.observation.at); }, seen.what);
}

void Lane::see_radiation(const RadiationWatch& watch, Instant /*at*/) {
    radiation_.monitored(watch);
}

void Lane::see_radiation(const OccupancyBegan& /*began*/, Instant at) {
    std::vector<Candidate> candidates;
    for (const auto& passage : passages_) {
        const bool comes = !passage->place.arm_seen && passage->origin != Origin::wrong_way;
        if (comes && passage->times.detected.at()) {
            candidates.push_back({passage->id, *passage->times.detected.at(), passage->radiation.seen});
        }
    }
    for (const auto& owner : radiation_.began(at, candidates)) {
        auto& passage = *find(owner);
        passage.radiation.seen = passage.radiation.measuring = true;
    }
}

void Lane::see_radiation(const RadiationAlarm& alarm, Instant at) {
    const auto level = level_of(alarm);
    if (level == RadiationLevel::none) {
        return;
    }
    for (const auto& owner : radiation_.alarm(level, at)) {
        if (auto* passage = find(owner)) {
            passage->radiation.own = joined(passage->radiation.own, alarm_state(level));
        }
    }
}

void Lane::see_radiation(const OccupancyEnded& ended, Instant at) {
    if (!radiation_.open()) {
        return;  // its device went away, and it was closed then
    }
    const auto occupancy = radiation_.ended(at, ended);
    for (const auto& owner : occupancy.owners) {
        if (auto* passage = find(owner)) {
            passage->radiation.measuring = false;
            passage->radiation.own = joined(passage->radiation.own, occupancy.state);
            passage->changed = true;
        }
    }
}

/// The arrival loop sees it now: it has come through the beam, or is in it.
void Lane::radiation_arrived(Passage& passage, const Turn& turn) {
    if (!settings_.has(Role::radiation)) {
        return;
    }
    const auto found = radiation_.arrived(passage.id, turn.instant());
    passage.radiation.seen = found.state || found.measuring;
    passage.radiation.measuring = found.measuring;
    if (found.state) {
        passage.radiation.own = *found.state;
    }
}

// ---- what it means

/// An alarm that nobody could be given stands over every vehicle that has not gone.
RadiationState Lane::radiation_of(const Passage& passage) const {
    const auto state = passage.radiation.state();
    const bool over_it = radiation_latch_ && radiation_latch_->unowned && !passage.place.arm_seen;
    return over_it ? joined(state, alarm_state(radiation_latch_->level)) : state;
}

/// The monitor that was in alarm for it: the lane's own, or that of a portal whose transit it claims.
RadiationPlace Lane::place_of(const Passage& passage) const {
    RadiationPlace place{device_of(Role::radiation), settings_.name.text(), passage.id.text(),
                         container_numbers(passage)};
    for (const auto& portal : settings_.portals) {
        const auto claim = passage.claims.find(portal.name);
        const bool its = claim != passage.claims.end() && is_alarm(claim->second.radiation);
        if (!portal.radiation.empty() && !is_alarm(passage.radiation.own) && (its || !settings_.has(Role::radiation))) {
            place.device = portal.radiation;
            place.place = portal.name.text();
        }
    }
    return place;
}

void Lane::watch_radiation(Turn& turn) {
    const bool held =
        std::any_of(passages_.begin(), passages_.end(), [](const auto& one) { return one->place.on_arrival; });
    radiation_.loop_held(held, turn.instant());
    if (!journal_up_) {
        return;  // told when the journal is back
    }
    for (const auto& occupancy : radiation_.take_told(turn.instant())) {
        tell_occupancy(occupancy, turn);
    }
    for (const auto& one : passages_) {
        auto& passage = *one;
        if (passage.claims_due) {
            claim_transits(passage, turn.instant());
        }
        tell_alarm(passage, turn);
        tell_rescan(passage, turn);
        if (mode_ == LaneMode::automatic && is_judged(passage) && radiation_of(passage) != passage.radiation.asked) {
            ask(passage, turn);
        }
    }
}

void Lane::tell_occupancy(const RadiationWatcher::Occupancy& occupancy, Turn& turn) {
    const auto token = next_token();
    List owners;
    for (const auto& owner : occupancy.owners) {
        owners.emplace_back(owner.text());
        if (auto* passage = find(owner)) {
            passage->radiation.occupancy = token;
        }
    }
    const auto level = alarm_level(occupancy.state);
    turn.record(radiation_occupancy({device_of(Role::radiation), settings_.name.text(), "none", {}}, occupancy.what,
                                    level, std::move(owners), turn.now(), token));
    if (level == RadiationLevel::none) {
        return;
    }
    // One that is in the lane is told of with its passage. One that has gone, and was told of, is known; else the
    // occupancy names it, for nothing is of a passage that has ended.
    const auto is_here = [&](const PassageId& owner) { return find(owner) != nullptr; };
    const auto is_known = [&](const PassageId& owner) {
        return std::any_of(alarmed_.begin(), alarmed_.end(), [&](const Alarmed& one) { return one.passage == owner; });
    };
    const auto& all = occupancy.owners;
    const bool unowned = all.empty();
    if (unowned || (std::none_of(all.begin(), all.end(), is_here) && std::none_of(all.begin(), all.end(), is_known))) {
        turn.record(
            radiation_alarm({device_of(Role::radiation), settings_.name.text(), "none", {}}, level, token, turn.now()));
        latch(level, unowned, turn);
    }
}

/// Told once, and again when it is more than was told.
void Lane::tell_alarm(Passage& passage, Turn& turn) {
    const auto state = passage.radiation.state();
    if (!is_alarm(state) || joined(passage.radiation.told, state) == passage.radiation.told) {
        return;
    }
    passage.radiation.told = state;
    passage.changed = true;
    turn.record(radiation_alarm(place_of(passage), alarm_level(state), passage.radiation.occupancy, turn.now()));
    latch(alarm_level(state), false, turn);
}

/// A vehicle that was in alarm here came again, and was measured. What it was before stays on record.
void Lane::tell_rescan(Passage& passage, Turn& turn) {
    std::erase_if(alarmed_, [&](const Alarmed& one) { return turn.instant() - one.at > rescan_within; });
    const auto plates = passage.plates();
    if (is_alarm(passage.radiation.told) && !plates.empty()) {
        const auto known = std::find_if(alarmed_.begin(), alarmed_.end(),
                                        [&](const Alarmed& one) { return one.passage == passage.id; });
        if (known == alarmed_.end()) {
            alarmed_.push_back({passage.id, plates, passage.radiation.occupancy, turn.instant()});
        }
        if (alarmed_.size() > most_alarmed) {
            alarmed_.erase(alarmed_.begin());
        }
    }
    const auto state = passage.radiation.state();
    const bool measured = passage.radiation.measured() && state != RadiationState::not_monitored;
    if (passage.radiation.rescan_told || !measured || plates.empty()) {
        return;
    }
    for (auto one = alarmed_.rbegin(); one != alarmed_.rend(); ++one) {
        if (one->passage != passage.id && shares_a_plate(one->plates, plates)) {
            passage.radiation.rescan_told = true;
            turn.record(radiation_rescan(place_of(passage), one->occupancy, state, turn.now()));
            return;
        }
    }
}

// ---- the latch

void Lane::latch(RadiationLevel level, bool unowned, Turn& turn) {
    auto latched = radiation_latch_.value_or(RadiationLatch{});
    latched.level = std::max(latched.level, level);
    latched.unowned = latched.unowned || unowned;
    radiation_latch_ = latched;
    turn.remember(std::string{radiation_key}, latch_note(latched.level, latched.unowned));
}

/// It is known to a person. No verdict changes by it but that of vehicles over which an alarm stood that nobody could
/// be given.
void Lane::take(const RadiationAcknowledged& acknowledged, Turn& turn) {
    if (!radiation_latch_ || !journal_up_) {
        return;
    }
    const auto first =
        std::find_if(passages_.begin(), passages_.end(), [](const auto& one) { return is_alarm(one->radiation.told); });
    const auto place = first == passages_.end()
                           ? RadiationPlace{device_of(Role::radiation), settings_.name.text(), "none", {}}
                           : place_of(**first);
    turn.record(radiation_acknowledged(place, radiation_latch_->level, acknowledged.actor, turn.now()));
    radiation_latch_.reset();
    turn.forget(std::string{radiation_key});
}

}  // namespace portcullis::lane
