// Why a session ends, and another begins or does not, without a fault of the link: another client with our identity,
// and renewed certificates.
#include <boost/asio/post.hpp>
#include <tuple>
#include <utility>

#include "uplink/uplink.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

/// The word of `link.state`, status and health; the log says what to do.
constexpr auto taken_over_cause = "taken_over";
/// A broker that does not take a DISCONNECT by then is left as it is.
constexpr auto renewing_most = 2000ms;

}  // namespace

void Uplink::on_taken_over(std::int64_t connection) {
    // Waiting: Paho may tell of the broken connection first.
    const bool ours = phase_ == Phase::connecting || phase_ == Phase::online || phase_ == Phase::waiting;
    if (!ours || connection != connection_) {
        return;  // an older connection's end says nothing of this one: it may have been us who took its place
    }
    if (leave_by_) {
        finish_stop();
        return;
    }
    stand_down();
}

/// The topic is ours alone: another's status on it is told when it stands there at our connect. Our own comes back too.
void Uplink::on_status(const MqttInbound& message, Now now) {
    const bool ours = phase_ == Phase::connecting || phase_ == Phase::online;
    if (!message.retained || !ours || leave_by_) {
        return;
    }
    const auto owner = read_status(message.payload);
    if (message.too_large || !owner) {
        return refuse("status", owner ? InboundDefect{InboundCause::too_large, "dropped"} : owner.error(), now.instant);
    }
    if (twins_.found(*owner)) {
        // Without a goodbye where we had told nothing: what stands there is the other's.
        session_.disconnect(phase_ == Phase::online ? Goodbye::by_will : Goodbye::said);
        stand_down();
    } else if (twins_.suspects()) {
        log_.warning(
            "another client has spoken on our topics since our last connection; if it does so again, the "
            "uplink stands down",
            {{"destination", settings_.name},
             {"stream", owner->stream.text()},
             {"connection", owner->connection},
             {"broker", brokers_.current()}});
    }
}

void Uplink::stand_down() {
    phase_ = Phase::taken_over;
    link_watch_.down(taken_over_cause, clock_.now().instant);
    delivery_.disconnected();
    log_.error(
        "another client has taken over the session: two boxes have one identity, perhaps from a cloned image. Give "
        "each "
        "its own gate name and start with an empty state folder, then: portcullis uplink resume " +
            settings_.name,
        {{"destination", settings_.name}, {"broker", brokers_.current()}, {"prefix", settings_.prefix}});
    rearm();
}

bool Uplink::resume() {
    if (phase_ != Phase::taken_over) {
        return false;
    }
    log_.notice("uplink resumes at an operator's word", {{"destination", settings_.name}});
    brokers_.ended();
    twins_.forget();
    begin_attempt(clock_.now().instant);
    rearm();
    return true;
}

void Uplink::on_closed() {
    if (phase_ == Phase::stopping) {
        finish_stop();
    } else if (phase_ == Phase::renewing) {
        begin_attempt(clock_.now().instant);
        rearm();
    }
}

void Uplink::look_at_certificates(Instant now) {
    if (phase_ != Phase::online || leave_by_ || !certificates_at_ || now < *certificates_at_) {
        return;
    }
    certificates_at_ = now + settings_.certificate_look;
    const std::weak_ptr<Uplink*> here = self_;
    // A worker that takes nothing more is looked at again a minute later.
    std::ignore = worker_.post([watch = certificates_, here, &context = context_] {
        boost::asio::post(context, [here, found = watch->look()] {
            if (const auto self = here.lock()) {
                (*self)->on_certificates(found);
            }
        });
    });
}

void Uplink::on_certificates(const CertificateWatch::Found& found) {
    if (phase_ != Phase::online || leave_by_) {
        return;
    }
    if (found.look == CertificateLook::unreadable) {
        if (std::exchange(certificate_problem_, found.problem) != found.problem) {
            log_.error("certificates have changed and cannot be used; the connection stays as it is",
                       {{"destination", settings_.name}, {"problem", found.problem}});
        }
        return;
    }
    certificate_problem_.clear();
    if (found.look != CertificateLook::changed) {
        return;
    }
    log_.notice("certificates were renewed: connecting with them", {{"destination", settings_.name}});
    const auto now = clock_.now().instant;
    phase_ = Phase::renewing;
    phase_until_ = now + renewing_most;
    delivery_.disconnected();
    link_watch_.down("renewing certificates", now);
    session_.disconnect();
    rearm();
}

}  // namespace portcullis::uplink
