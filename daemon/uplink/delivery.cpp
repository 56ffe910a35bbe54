#include "uplink/delivery.hpp"

#include <stdexcept>

namespace portcullis::uplink {

Delivery::Delivery(StreamId stream, Sequence acknowledged, Sequence last, DeliveryLimits limits)
    : stream_(stream),
      limits_(limits),
      acknowledged_(acknowledged),
      passed_(acknowledged),
      consumer_at_(acknowledged),
      next_(acknowledged + 1),
      previous_(acknowledged),
      last_(last),
      highest_sent_(acknowledged),
      standing_pause_(limits.standing) {
    if (acknowledged < 0 || last < acknowledged) {
        throw std::invalid_argument("a destination's acknowledgement lies outside the journal");
    }
}

void Delivery::resume_behind(Sequence passed) {
    passed_ = std::clamp(passed, passed_, last_);
    start_behind(acknowledged_);
}

SequenceRange Delivery::journal_cut(Sequence first) {
    first_ = std::max(first_, std::min(first, last_ + 1));
    const SequenceRange gone{passed_ + 1, first_ - 1};
    const auto through = forget_up_to(first_ - 1);
    if (!gone.empty()) {
        lost_to_ = first_ - 1;
        passed_ = std::max(lost_to_, through);
    }
    if (outstanding_.empty()) {
        standing_since_.reset();
    }
    if (next_ < first_) {
        next_ = first_;
        previous_ = first_ - 1;  // the consumer's last is another: it sees the hole
        waits_ = false;
    }
    return gone;
}

void Delivery::connected(std::int64_t connection, std::int64_t receive_maximum) {
    connection_ = connection;
    window_ = std::clamp<Sequence>(receive_maximum, 1, limits_.in_flight);
    in_flight_ = 0;
    consumer_at_ = acknowledged_;
    standing_pause_ = limits_.standing;
    waiting_replay_.reset();
    start_behind(acknowledged_);
}

void Delivery::disconnected() {
    if (!connection_) {
        return;
    }
    connection_.reset();
    in_flight_ = 0;
    waiting_replay_.reset();
    consumer_at_ = acknowledged_;
    start_behind(acknowledged_);
}

void Delivery::journal_grew(Sequence last) {
    last_ = std::max(last_, last);
}

Sequence Delivery::room(std::int64_t others_in_flight) const {
    return connection_ ? std::max<Sequence>(window_ - in_flight_ - others_in_flight, 0) : 0;
}

SequenceRange Delivery::to_publish(std::int64_t others_in_flight) const {
    const auto ahead = std::max<Sequence>(limits_.ack_window - unacknowledged(), 0);
    return {next_, std::min(last_, next_ - 1 + std::min(room(others_in_flight), ahead))};
}

std::optional<Publication> Delivery::published(Sequence sequence, Instant now, std::int64_t others_in_flight) {
    if (sequence != next_ || to_publish(others_in_flight).empty()) {
        return std::nullopt;
    }
    const Publication publication{previous_, sequence <= highest_sent_};
    outstanding_.push_back({sequence, sequence});
    previous_ = sequence;
    ++next_;
    ++in_flight_;
    highest_sent_ = std::max(highest_sent_, sequence);
    if (!standing_since_) {
        standing_since_ = now;
    }
    return publication;
}

bool Delivery::skipped(Sequence sequence) {
    if (sequence != next_) {
        return false;
    }
    ++next_;
    if (sequence == passed_ + 1) {
        passed_ = sequence;
    }
    if (!outstanding_.empty()) {
        outstanding_.back().through = sequence;
    }
    return true;
}

SequenceRange Delivery::to_look_ahead() const {
    return {next_, connection_ || waits_ ? next_ - 1 : last_};
}

void Delivery::waits_at(Sequence sequence) {
    waits_ = waits_ || sequence == next_;
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
    if (ack.sequence < first_) {
        return AckOutcome::already_known;  // the row is gone: nothing is left to compare it with, or to free by it
    }
    if (!ack.bytes_match) {
        return AckOutcome::other_bytes;
    }
    acknowledged_ = ack.sequence;
    passed_ = std::max(passed_, acknowledged_);
    consumer_moved_to(acknowledged_, now);
    // A consumer may hold what a process before this one sent: what it has is not sent again.
    next_ = std::max(next_, passed_ + 1);
    previous_ = std::max(previous_, acknowledged_);
    return AckOutcome::advanced;
}

void Delivery::consumer_moved_to(Sequence sequence, Instant now) {
    consumer_at_ = sequence;
    const auto through = forget_up_to(sequence);
    if (acknowledged_ >= sequence) {
        passed_ = std::max(passed_, through);
    }
    standing_pause_ = limits_.standing;
    standing_since_ = outstanding_.empty() ? std::nullopt : std::optional{now};
}

/// Drops what is on its way up to `sequence`; returns the end of the skipped run behind the last of it, or 0.
Sequence Delivery::forget_up_to(Sequence sequence) {
    Sequence through = 0;
    while (!outstanding_.empty() && outstanding_.front().sequence <= sequence) {
        through = outstanding_.front().through;
        outstanding_.pop_front();
    }
    return through;
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
            start_behind(from - 1);
            return Repeat::replay;
        }
    }
    if (standing_since_ && now >= *standing_since_ + standing_pause_) {
        standing_pause_ = std::min(standing_pause_ * 2, limits_.standing_most);
        start_behind(consumer_at_);
        return Repeat::standing_acknowledgement;
    }
    return Repeat::none;
}

/// What goes out next continues what the consumer has: its `previous` is then the consumer's last, unless events
/// between are gone that it never had.
void Delivery::start_behind(Sequence consumer_last) {
    if (consumer_last == acknowledged_) {
        next_ = passed_ + 1;
        previous_ = std::max(lost_to_, acknowledged_);
    } else {
        next_ = std::max(consumer_last + 1, first_);
        previous_ = next_ - 1;
    }
    while (!outstanding_.empty() && outstanding_.back().sequence >= next_) {
        outstanding_.pop_back();
    }
    waits_ = false;
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
