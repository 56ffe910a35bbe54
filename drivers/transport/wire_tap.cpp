#include "drivers/transport/wire_tap.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

void WireTap::listen(Instant until) {
    until_ = std::max(until_.value_or(until), until);
}

void WireTap::put(WireFrame frame) {
    if (!listening(frame.at)) {
        if (until_) {
            first_ = next();
            ring_.clear();
            bytes_ = 0;
            until_.reset();
        }
        return;
    }
    bytes_ += frame.bytes.size();
    ring_.push_back(std::move(frame));
    while (ring_.size() > most_frames || bytes_ > most_bytes) {
        bytes_ -= ring_.front().bytes.size();
        ring_.pop_front();
        ++first_;
    }
}

void WireTap::put(WireDirection direction, std::span<const std::uint8_t> bytes, Instant at) {
    if (until_) {
        put({direction, {bytes.begin(), bytes.end()}, at});
    }
}

void WireTap::note(const std::string& what, Instant at) {
    if (until_) {
        put({WireDirection::note, {what.begin(), what.end()}, at});
    }
}

WireTap::Look WireTap::look(std::uint64_t from, std::size_t most) const {
    Look look;
    look.first = from > next() || from == 0 ? next() : std::max(from, first_);
    look.next = look.first;
    std::size_t taken = 0;
    for (auto at = static_cast<std::size_t>(look.first - first_); at < ring_.size(); ++at) {
        taken += ring_[at].bytes.size();
        if (taken > most && !look.frames.empty()) {
            break;
        }
        look.frames.push_back(ring_[at]);
        ++look.next;
    }
    return look;
}

}  // namespace portcullis::drivers
