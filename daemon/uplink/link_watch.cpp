#include "uplink/link_watch.hpp"

#include <utility>

namespace portcullis::uplink {

void LinkWatch::up(Instant now) {
    if (state_ != LinkState::up) {
        state_ = LinkState::up;
        since_ = now;
    }
    cause_ = "connected";
}

void LinkWatch::down(std::string cause, Instant now) {
    if (state_ != LinkState::down) {
        state_ = LinkState::down;
        since_ = now;
    }
    cause_ = std::move(cause);
}

std::optional<LinkWatch::Fact> LinkWatch::due(Instant now) {
    const auto at = deadline();
    if (!at || now < *at) {
        return std::nullopt;
    }
    told_ = state_;
    told_at_ = now;
    return Fact{state_, cause_};
}

std::optional<Instant> LinkWatch::deadline() const {
    if (told_ != state_) {
        return since_ + holds;
    }
    if (state_ == LinkState::down) {
        return told_at_ + again;
    }
    return std::nullopt;
}

}  // namespace portcullis::uplink
