#include "drivers/radiation/occupancy_teller.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace portcullis::drivers {

namespace {

/// A speed that was told before the occupancy began is its own if it is not older.
constexpr std::chrono::seconds speed_keeps{2};

OccupancyState alarm_state(bool gamma, bool neutron) {
    if (gamma && neutron) {
        return OccupancyState::both;
    }
    return gamma ? OccupancyState::gamma : OccupancyState::neutron;
}

}  // namespace

void OccupancyTeller::watch(const std::string& cause, Instant at) {
    if (open_ && !cause.empty()) {
        open_->unmonitored = true;
    }
    if (cause_ == cause) {
        return;
    }
    cause_ = cause;
    tell_({RadiationWatch{cause.empty(), cause}}, at);
}

void OccupancyTeller::lost(const std::string& cause, Instant at) {
    incomplete(cause, at);
    watch(cause, at);
    background_.reset();
    speed_.reset();
}

void OccupancyTeller::began(Instant at) {
    if (open_) {
        return;
    }
    open_ = Open{};
    open_->began = at;
    open_->unmonitored = !cause_ || !cause_->empty();
    if (speed_ && at - speed_->at <= speed_keeps) {
        open_->speed_mm_s = speed_->mm_s;
    }
    speed_.reset();
    tell_({OccupancyBegan{}}, at);
}

void OccupancyTeller::begin_not_seen(Instant at) {
    began(at);
    open_->incomplete = "begin_not_seen";
}

void OccupancyTeller::alarm(bool gamma, bool neutron, Instant at) {
    if (!open_) {
        begin_not_seen(at);
    }
    const bool news = (gamma && !open_->gamma) || (neutron && !open_->neutron);
    open_->gamma = open_->gamma || gamma;
    open_->neutron = open_->neutron || neutron;
    if (news) {
        tell_({RadiationAlarm{open_->gamma, open_->neutron}}, at);
    }
}

void OccupancyTeller::gamma(std::int64_t cps) {
    if (open_) {
        open_->gamma_max_cps = std::max(open_->gamma_max_cps.value_or(cps), cps);
    }
}

void OccupancyTeller::neutrons(std::int64_t count) {
    if (open_) {
        open_->neutron_count = open_->neutron_count.value_or(0) + count;
    }
}

void OccupancyTeller::speed(std::int64_t mm_s, Instant at) {
    if (open_) {
        open_->speed_mm_s = mm_s;
    } else {
        speed_ = Speed{mm_s, at};
    }
}

void OccupancyTeller::ended(Instant at) {
    if (!open_) {
        begin_not_seen(at);
    }
    close(OccupancyState::clean, at);
}

void OccupancyTeller::incomplete(const std::string& cause, Instant at) {
    if (open_) {
        open_->incomplete = cause;
        close(OccupancyState::incomplete, at);
    }
}

void OccupancyTeller::close(OccupancyState otherwise, Instant at) {
    const auto was = *std::exchange(open_, std::nullopt);
    OccupancyEnded ended;
    ended.state = otherwise;
    if (was.gamma || was.neutron) {
        ended.state = alarm_state(was.gamma, was.neutron);
    } else if (was.unmonitored) {
        ended.state = OccupancyState::not_monitored;
    } else if (!was.incomplete.empty()) {
        ended.state = OccupancyState::incomplete;
    }
    ended.gamma_max_cps = was.gamma_max_cps;
    ended.background_cps = background_;
    ended.neutron_count = was.neutron_count;
    ended.duration = std::chrono::duration_cast<std::chrono::milliseconds>(at - was.began);
    ended.speed_mm_s = was.speed_mm_s;
    ended.cause = was.incomplete;
    tell_({std::move(ended)}, at);
}

}  // namespace portcullis::drivers
