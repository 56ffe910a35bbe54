// Pictures go behind everything else, a piece at a time.
#include <utility>

#include "uplink/uplink.hpp"

namespace portcullis::uplink {

bool Uplink::publish_piece(const std::string& name, std::string payload,
                           std::vector<std::pair<std::string, std::string>> properties,
                           std::function<void(bool taken)> done) {
    const bool quiet = phase_ == Phase::online && !leave_by_ && controls_.empty() && !head_waits_ && !piece_done_ &&
                       delivery_.next() > delivery_.last() && delivery_.room(controls_in_flight_) > 0;
    if (!quiet) {
        return false;
    }
    MqttMessage message{topic("evidence/" + name), std::move(payload), 1, false, std::move(properties)};
    if (too_large(message)) {
        return false;
    }
    ++controls_in_flight_;
    piece_done_ = std::move(done);
    session_.publish(connection_, Publishing::picture, std::move(message));
    return true;
}

void Uplink::end_piece(bool taken) {
    if (piece_done_) {
        std::exchange(piece_done_, nullptr)(taken);
    }
}

}  // namespace portcullis::uplink
