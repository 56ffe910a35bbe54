#include "uplink/delivery_log.hpp"

#include <algorithm>

namespace portcullis::uplink {

void DeliveryLog::sent(Sequence sequence, WallTime at) {
    if (sendings_.size() == sendings_most) {
        sendings_.pop_front();
        ++first_number_;
    }
    on_way_.push_back(first_number_ + sendings_.size());
    sendings_.push_back({sequence, at, std::nullopt, false});
}

void DeliveryLog::settled(bool took, WallTime at) {
    if (on_way_.empty()) {
        return;
    }
    const auto number = on_way_.front();
    on_way_.pop_front();
    if (number < first_number_) {
        return;
    }
    auto& sending = sendings_[static_cast<std::size_t>(number - first_number_)];
    sending.refused = !took;
    if (took) {
        sending.took = at;
        took_to_ = std::max(took_to_, sending.sequence);
    }
}

void DeliveryLog::acknowledged(Sequence sequence, Now now) {
    if (acknowledgements_.size() == acknowledgements_most) {
        acknowledgements_.pop_front();
    }
    acknowledgements_.push_back({acknowledged_, sequence, now});
    acknowledged_ = sequence;
}

SendingsKnown DeliveryLog::of(Sequence sequence) const {
    SendingsKnown known;
    for (const auto& sending : sendings_) {
        if (sending.sequence != sequence) {
            continue;
        }
        ++known.sendings;
        known.sent = sending.at;
        known.refused = sending.refused;
        if (sending.took) {
            known.took = sending.took;
        }
    }
    for (const auto& one : acknowledgements_) {
        if (one.before < sequence && sequence <= one.sequence) {
            known.stored = one.at.wall;
        }
    }
    return known;
}

std::int64_t DeliveryLog::stored_a_minute(Instant now) const {
    const auto from = std::find_if(acknowledgements_.begin(), acknowledgements_.end(),
                                   [&](const Stored& one) { return one.at.instant + rate_over > now; });
    if (from == acknowledgements_.end()) {
        return 0;
    }
    const auto events = acknowledged_ - from->before;
    // Where more came than is kept, the kept ones are of less than a minute.
    const bool all_kept = from != acknowledgements_.begin() || acknowledgements_.size() < acknowledgements_most;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - from->at.instant).count();
    return all_kept ? events : events * 60 / std::max<std::int64_t>(seconds, 1);
}

}  // namespace portcullis::uplink
