#include "lane/portal_tracker.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::lane {

namespace {

void give(Transit& transit, RadiationState state) {
    transit.radiation = joined(transit.radiation, state);
}

}  // namespace

PortalTracker::PortalTracker(PortalSettings settings, RadiationLimits limits, IdSource ids)
    : settings_(std::move(settings)), limits_(limits), ids_(std::move(ids)) {}

PortalNews PortalTracker::see(const Observation& observation) {
    PortalNews news;
    end_if_gone(observation.at, news);
    const bool was_here = here_.has_value();
    if (const auto* input = std::get_if<InputSeen>(&observation.what)) {
        if (settings_.loop && settings_.loop->device == observation.device &&
            settings_.loop->setup.point == observation.point && input->signal != Signal::unknown) {
            see_loop(input->signal == Signal::on, observation.at, news);
        }
    } else if (const auto* reading = std::get_if<Reading>(&observation.what)) {
        see_reading(observation.device, *reading, observation.at);
    } else if (const auto* radiation = std::get_if<RadiationSeen>(&observation.what)) {
        see_radiation(*radiation, observation.at, news);
    } else if (const auto* health = std::get_if<HealthChanged>(&observation.what)) {
        const bool gone = health->state == DeviceState::offline || health->state == DeviceState::fault;
        if (gone && settings_.loop && settings_.loop->device == observation.device) {
            loop_on_ = false;  // what it held goes on as long as anything else sees it
        }
        if (gone && settings_.radiation == observation.device && occupied_) {
            see_occupancy({}, observation.at, news);
        }
    }
    if (here_ && (!was_here || news.alarm || !news.through.empty())) {
        news.changed.push_back(*here_);
    }
    return news;
}

PortalNews PortalTracker::tick(Instant now) {
    PortalNews news;
    end_if_gone(now, news);
    return news;
}

Transit& PortalTracker::here(Instant at) {
    last_seen_ = std::max(last_seen_, at);
    if (!here_) {
        here_.emplace();
        here_->id = TransitId{ids_()};
        here_->portal = settings_.name;
        here_->way = settings_.way;
        here_->began = at;
        here_->has_radiation = !settings_.radiation.empty();
        last_seen_ = at;
        if (occupied_ && alarm_ != RadiationLevel::none) {
            give(*here_, alarm_state(alarm_));
        }
    }
    return *here_;
}

void PortalTracker::see_loop(bool on, Instant at, PortalNews& news) {
    if (on == loop_on_) {
        return;
    }
    // It let go and sees something again: another vehicle, though the beam was never free between them.
    if (on && here_ && occupied_ && at - last_seen_ >= settings_.gap / 2) {
        close(news);
    }
    loop_on_ = on;
    here(at);
}

void PortalTracker::see_reading(const DeviceName& device, const Reading& reading, Instant at) {
    const auto reader = std::find_if(settings_.readers.begin(), settings_.readers.end(),
                                     [&](const PortalReader& one) { return one.device == device; });
    if (reader == settings_.readers.end() || reading.raw.empty()) {
        return;
    }
    auto& readings = here(at).readings;
    const bool known = std::any_of(readings.begin(), readings.end(), [&](const TransitReading& one) {
        return one.device == device && one.reading.kind == reading.kind && one.reading.raw == reading.raw;
    });
    if (!known && readings.size() < most_readings) {
        readings.push_back({reader->role, device, reading, at});
    }
}

void PortalTracker::see_radiation(const RadiationSeen& seen, Instant at, PortalNews& news) {
    if (std::holds_alternative<OccupancyBegan>(seen.what)) {
        here(at);
        occupied_ = true;
        alarm_ = RadiationLevel::none;
    } else if (const auto* alarm = std::get_if<RadiationAlarm>(&seen.what)) {
        see_alarm(level_of(*alarm), news);
    } else if (const auto* ended = std::get_if<OccupancyEnded>(&seen.what)) {
        if (occupied_) {
            see_occupancy(*ended, at, news);
        }
    }
}

void PortalTracker::see_alarm(RadiationLevel level, PortalNews& news) {
    if (!occupied_ || level <= alarm_) {
        return;
    }
    alarm_ = level;
    news.alarm = level;
    if (here_) {
        give(*here_, alarm_state(level));
    }
    for (auto& transit : shared_) {
        give(transit, alarm_state(level));
        news.changed.push_back(transit);
    }
}

void PortalTracker::see_occupancy(const OccupancyEnded& ended, Instant at, PortalNews& news) {
    auto state = state_of(ended, limits_);
    if (alarm_ != RadiationLevel::none) {
        state = joined(alarm_state(alarm_), state);
    }
    news.occupancy = ended;
    auto& transit = here(at);
    give(transit, state);
    transit.occupancy = ended;
    for (auto& one : shared_) {
        give(one, state);
        one.occupancy = ended;
        news.changed.push_back(one);
    }
    shared_.clear();
    occupied_ = false;
    alarm_ = RadiationLevel::none;
}

void PortalTracker::close(PortalNews& news) {
    here_->ended = last_seen_;
    here_->over = true;
    news.through.push_back(*here_);
    if (occupied_) {
        shared_.push_back(*here_);
    }
    here_.reset();
}

void PortalTracker::end_if_gone(Instant now, PortalNews& news) {
    if (here_ && !loop_on_ && !occupied_ && now - last_seen_ >= settings_.gap) {
        close(news);
    }
}

}  // namespace portcullis::lane
