#include "lane/chatter.hpp"

namespace portcullis::lane {

void Chatter::rose(Instant now) {
    if (!since(now)) {
        since_.reset();
    }
    newest_ = now;
    last_[count_++ % rises] = now;
    const auto oldest = last_[count_ % rises];
    if (!since_ && count_ >= rises && now - oldest <= within) {
        since_ = oldest;
    }
}

std::optional<Instant> Chatter::since(Instant now) const {
    return since_ && now - *newest_ < quiet ? since_ : std::nullopt;
}

std::optional<Instant> Chatter::over_at() const {
    return since_ ? std::optional{*newest_ + quiet} : std::nullopt;
}

}  // namespace portcullis::lane
