// How an uplink leaves: the last events, a goodbye, and no longer than design.md allows.
#include <utility>

#include "uplink/uplink.hpp"

namespace portcullis::uplink {

namespace {

using namespace std::chrono_literals;

/// design.md: the daemon is down within two seconds of its stop. So long for the last events, and then for the goodbye.
constexpr auto last_events_most = 1000ms;
constexpr auto goodbye_most = 600ms;

}  // namespace

void Uplink::stop(std::function<void()> done) {
    stopped_ = std::move(done);
    if (phase_ != Phase::online) {
        session_.disconnect();
        finish_stop();
        return;
    }
    leave_by_ = clock_.now().instant + last_events_most;
    leave_when_sent();
    rearm();
}

/// Of a stop: says goodbye once the broker has every event that may go out, or when that takes too long.
void Uplink::leave_when_sent() {
    if (phase_ != Phase::online || !leave_by_) {
        return;
    }
    const auto now = clock_.now().instant;
    const bool sent = delivery_.to_publish(controls_in_flight_).empty() && delivery_.in_flight() == 0;
    if (!sent && now < *leave_by_) {
        return;
    }
    if (!sent) {
        log_.warning("the broker did not take the last events in time; they go out after the next start",
                     {{"destination", settings_.name},
                      {"from", delivery_.next() - delivery_.in_flight()},
                      {"last", delivery_.last()}});
    }
    phase_ = Phase::stopping;
    phase_until_ = now + goodbye_most;
    ++controls_in_flight_;
    session_.publish(connection_, Publishing::control, offline_message());
}

void Uplink::finish_stop() {
    phase_ = Phase::stopped;
    delivery_.disconnected();
    alarm_.cancel();
    if (stopped_) {
        std::exchange(stopped_, nullptr)();
    }
}

}  // namespace portcullis::uplink
