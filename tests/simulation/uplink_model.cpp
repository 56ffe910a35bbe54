#include "tests/simulation/uplink_model.hpp"

#include <string>

namespace portcullis::simulation {

void UplinkModel::start(std::int64_t last) {
    delivery_.emplace(stream_, kept_acknowledged_, last);
    connected_ = false;
}

void UplinkModel::kill() {
    delivery_.reset();
    connected_ = false;
}

void UplinkModel::exchange(const std::vector<std::uint64_t>& rows, Instant now) {
    if (!delivery_) {
        return;
    }
    delivery_->journal_grew(static_cast<std::int64_t>(rows.size()));
    // A broker without a session forgets what it has not passed on.
    const bool cut = !broker_up_ || random_.chance(20);
    if (cut) {
        if (connected_) {
            delivery_->disconnected();
            connected_ = false;
        }
        if (random_.chance(500)) {
            broker_.clear();
        }
    }
    if (!connected_ && broker_up_) {
        connect();
    }
    if (delivery_->deadline() && *delivery_->deadline() <= now) {
        delivery_->wake(now);
    }
    if (connected_) {
        publish(rows, now);
    }
    deliver();
    if (connected_) {
        acknowledge(rows, now);
    }
}

void UplinkModel::connect() {
    connected_ = true;
    delivery_->connected(++connection_, random_.between(1, 200));
    seen_again_ = true;  // the consumer sees the birth and says again what it has
}

void UplinkModel::publish(const std::vector<std::uint64_t>& rows, Instant now) {
    const auto range = delivery_->to_publish();
    for (auto sequence = range.from; sequence <= range.to; ++sequence) {
        if (!delivery_->published(sequence, now)) {
            return;
        }
        if (random_.chance(3)) {
            continue;  // acknowledged by the broker and lost: its queue was full
        }
        broker_.push_back({sequence, rows[static_cast<std::size_t>(sequence - 1)]});
    }
    while (delivery_->in_flight() > 0 && !random_.chance(100)) {
        delivery_->settled(connection_);
    }
}

/// A consumer that follows design.md 7: takes last + 1, ignores what is older, asks when it sees a hole.
void UplinkModel::deliver() {
    while (!broker_.empty() && !random_.chance(10)) {
        const auto message = broker_.front();
        broker_.pop_front();
        const auto next = static_cast<std::int64_t>(held_.size()) + 1;
        if (message.sequence == next) {
            held_.push_back(message.digest);
        } else if (message.sequence < next) {
            seen_again_ = true;
        } else {
            wants_replay_ = true;
        }
    }
}

void UplinkModel::acknowledge(const std::vector<std::uint64_t>& rows, Instant now) {
    const auto last = static_cast<std::int64_t>(held_.size());
    if (wants_replay_) {
        wants_replay_ = false;
        (void)delivery_->replay(stream_, last + 1, now);
    }
    const bool news = last > delivery_->acknowledged() || seen_again_;
    if (news && last > 0 && !random_.chance(50)) {
        seen_again_ = false;
        const bool match = held_.back() == rows[static_cast<std::size_t>(last - 1)];
        (void)delivery_->acknowledge({stream_, last, match}, now);
        if (random_.chance(700)) {
            kept_acknowledged_ = delivery_->acknowledged();
        }
    }
}

bool UplinkModel::done(const std::vector<std::uint64_t>& rows) const {
    return held_.size() >= rows.size();
}

void UplinkModel::finish(const std::vector<std::uint64_t>& rows, Findings& findings) const {
    if (held_ != rows) {
        findings.add(5, "uplink",
                     "the consumer holds " + std::to_string(held_.size()) + " events, the journal " +
                         std::to_string(rows.size()) + ", or another one");
    }
}

}  // namespace portcullis::simulation
