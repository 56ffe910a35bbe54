#include "lane/radiation_watch.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::lane {

namespace {

/// Of several occupancies of which one is the vehicle's and nobody knows which: the worst.
RadiationState worst_of(RadiationState one, RadiationState other) {
    if (is_alarm(one) || is_alarm(other)) {
        return one == RadiationState::high || other == RadiationState::high ? RadiationState::high
                                                                            : RadiationState::suspect;
    }
    return one == RadiationState::clean ? other : one;
}

}  // namespace

std::vector<PassageId> RadiationWatcher::began(Instant at, const std::vector<Candidate>& candidates) {
    if (open_) {
        return {};
    }
    open_ = Open{at, RadiationLevel::none, {}};
    for (const auto& one : candidates) {
        if (!one.seen && at - one.detected <= lag) {
            open_->owners.push_back(one.passage);
        }
    }
    auto owners = open_->owners;
    if (leaver_ && owners.empty() && at - leaver_->at <= lead_) {
        open_->owners.push_back(leaver_->passage);
        leaver_.reset();
    }
    return owners;
}

std::vector<PassageId> RadiationWatcher::alarm(RadiationLevel level, Instant at) {
    if (!open_) {
        open_ = Open{at, RadiationLevel::none, {}};
    }
    open_->level = std::max(open_->level, level);
    return open_->owners;
}

RadiationWatcher::Occupancy RadiationWatcher::ended(Instant at, const OccupancyEnded& what) {
    Occupancy occupancy;
    occupancy.began = at - what.duration;
    occupancy.ended = at;
    occupancy.what = what;
    occupancy.state = state_of(what, limits_);
    if (open_) {
        occupancy.began = open_->began;
        occupancy.owners = std::move(open_->owners);
        // What was an alarm stays one, whatever becomes of the end.
        occupancy.state = open_->level == RadiationLevel::none ? occupancy.state
                                                               : worst_of(occupancy.state, alarm_state(open_->level));
    }
    open_.reset();
    kept_.push_back(occupancy);
    return occupancy;
}

RadiationWatcher::Found RadiationWatcher::arrived(const PassageId& passage, Instant at) {
    Found found;
    Occupancy* last_owned = nullptr;
    bool taken = false;
    for (auto& one : kept_) {
        if (expired(one, at)) {
            continue;
        }
        if (!one.owners.empty()) {
            last_owned = &one;
            continue;
        }
        found.state = found.state ? worst_of(*found.state, one.state) : one.state;
        if (!std::exchange(taken, true)) {
            one.owners.push_back(passage);
        }
    }
    if (taken) {
        return found;
    }
    if (open_) {
        open_->owners.push_back(passage);
        found.measuring = true;
        if (open_->level != RadiationLevel::none) {
            found.state = alarm_state(open_->level);
        }
        return found;
    }
    // It came right behind another and broke no beam of its own: it may have been in that one's occupancy.
    if (last_owned != nullptr) {
        found.state = is_alarm(last_owned->state) ? last_owned->state : RadiationState::unknown;
    }
    return found;
}

void RadiationWatcher::left_by_the_back(const PassageId& passage, Instant at) {
    if (open_ && open_->owners.empty() && at - open_->began <= lead_) {
        open_->owners.push_back(passage);
        return;
    }
    for (auto& one : kept_) {
        if (one.owners.empty() && at - one.began <= lead_) {
            one.owners.push_back(passage);
            return;
        }
    }
    leaver_ = Leaver{passage, at};
}

void RadiationWatcher::loop_held(bool held, Instant at) {
    if (held_ && !held) {
        free_since_ = at;
    }
    held_ = held;
}

bool RadiationWatcher::expired(const Occupancy& one, Instant now) const {
    return !held_ && now - std::max(one.ended, free_since_) >= lead_;
}

std::vector<RadiationWatcher::Occupancy> RadiationWatcher::take_told(Instant now) {
    std::vector<Occupancy> told;
    for (std::size_t i = 0; i < kept_.size();) {
        auto& one = kept_[i];
        const bool over = expired(one, now) || kept_.size() > most_kept;
        if (!one.told && (over || !one.owners.empty())) {
            one.told = true;
            told.push_back(one);
        }
        if (over) {
            kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            ++i;
        }
    }
    return told;
}

std::optional<Instant> RadiationWatcher::deadline() const {
    std::optional<Instant> first;
    for (const auto& one : kept_) {
        const auto due = std::max(one.ended, free_since_) + lead_;
        if (!held_ && (!first || due < *first)) {
            first = due;
        }
    }
    return first;
}

}  // namespace portcullis::lane
