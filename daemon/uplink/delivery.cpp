#include "uplink/delivery.hpp"

#include <stdexcept>

namespace portcullis::uplink {

Delivery::Delivery(StreamId stream, Sequence acknowledged, Sequence last, DeliveryLimits limits)
    : stream_(stream),
      limits_(limits),
      acknowledged_(acknowledged),
      consumer_at_(acknowledged),
      next_(acknowledged + 1),
      last_(last),
      highest_sent_(acknowledged),
      standing_pause_(limits.standing) {
    if (acknowledged < 0 || last < acknowledged) {
        throw std::invalid_argument("a destination's acknowledgement lies outside the journal");
    }
}

void Delivery::connected(std::int64_t connection, std::int64_t receive_maximum) {
    connection_ = connection;
    window_ = std::clamp<Sequence>(receive_maximum, 1, limits_.in_flight);
    in_flight_ = 0;
    consumer_at_ = acknowledged_;
    standing_pause_ = limits_.standing;
    waiting_replay_.reset();
    start_again_at(acknowledged_ + 1);
}

void Delivery::disconnected() {
    connection_.reset();
    in_flight_ = 0;
    standing_since_.reset();
    waiting_replay_.reset();
}

void Delivery::journal_grew(Sequence last) {
    last_ = std::max(last_, last);
}

Sequence Delivery::room(std::int64_t others_in_flight) const {
    return connection_ ? std::max<Sequence>(window_ - in_flight_ - others_in_flight, 0) : 0;
}

SequenceRange Delivery::to_publish(std::int64_t others_in_flight) const {
    const auto to = std::min({last_, consumer_at_ + limits_.ack_window, next_ - 1 + room(others_in_flight)});
    return {next_, std::max(to, next_ - 1)};
}

std::optional<Publication> Delivery::published(Sequence sequence, Instant now, std::int64_t others_in_flight) {
    if (sequence != next_ || to_publish(others_in_flight).empty()) {
        return std::nullopt;
    }
    const Publication publication{sequence - 1, sequence <= highest_sent_};
    ++next_;
    ++in_flight_;
    highest_sent_ = std::max(highest_sent_, sequence);
    if (!standing_since_) {
        standing_since_ = now;
    }
    return publication;
}

void Delivery::settled(std::int64_t connection) {
    if (connection_ == connection && in_flight_ > 0) {
        --in_flight_;
    }
}

AckOutcome Delivery::acknowledge(const Acknowledgement& ack, Instant now) {
    if (ack.stream != stream_) {
        return AckOutcome::other_stream;
    }
    if (ack.sequence > last_) {
        return AckOutcome::beyond_last;
    }
    if (ack.sequence <= acknowledged_) {
        if (ack.sequence > consumer_at_) {
            consumer_moved_to(ack.sequence, now);
        }
        return AckOutcome::already_known;
    }
    if (!ack.bytes_match) {
        return AckOutcome::other_bytes;
    }
    acknowledged_ = ack.sequence;
    // A consumer may hold what a process before this one sent: what it has is not sent again.
    next_ = std::max(next_, acknowledged_ + 1);
    consumer_moved_to(acknowledged_, now);
    return AckOutcome::advanced;
}

void Delivery::consumer_moved_to(Sequence sequence, Instant now) {
    consumer_at_ = sequence;
    standing_pause_ = limits_.standing;
    standing_since_ = next_ - 1 > consumer_at_ ? std::optional{now} : std::nullopt;
}

ReplayOutcome Delivery::replay(StreamId stream, Sequence from, Instant now) {
    if (stream != stream_) {
        return ReplayOutcome::other_stream;
    }
    if (from > last_ + 1) {
        return ReplayOutcome::beyond_last;
    }
    if (from < 1 || from >= next_) {
        return ReplayOutcome::nothing_to_repeat;
    }
    waiting_replay_ = from;
    if (!replay_allowed(now)) {
        return ReplayOutcome::deferred;
    }
    wake(now);
    return ReplayOutcome::served;
}

bool Delivery::replay_allowed(Instant now) const {
    return !last_replay_ || now >= *last_replay_ + limits_.replay_pause;
}

Repeat Delivery::wake(Instant now) {
    if (waiting_replay_ && replay_allowed(now)) {
        const auto from = *waiting_replay_;
        waiting_replay_.reset();
        if (from < next_) {
            last_replay_ = now;
            consumer_at_ = std::min(from - 1, acknowledged_);
            start_again_at(from);
            return Repeat::replay;
        }
    }
    if (standing_since_ && now >= *standing_since_ + standing_pause_) {
        standing_pause_ = std::min(standing_pause_ * 2, limits_.standing_most);
        start_again_at(consumer_at_ + 1);
        return Repeat::standing_acknowledgement;
    }
    return Repeat::none;
}

void Delivery::start_again_at(Sequence from) {
    next_ = from;
    standing_since_.reset();
}

std::optional<Instant> Delivery::deadline() const {
    std::optional<Instant> due;
    if (standing_since_) {
        due = *standing_since_ + standing_pause_;
    }
    if (waiting_replay_ && last_replay_) {
        const auto replay_due = *last_replay_ + limits_.replay_pause;
        due = due ? std::min(*due, replay_due) : replay_due;
    }
    return due;
}

}  // namespace portcullis::uplink
