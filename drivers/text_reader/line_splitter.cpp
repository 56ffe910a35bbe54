#include "drivers/text_reader/line_splitter.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

void LineSplitter::bytes(std::span<const std::uint8_t> bytes) {
    for (const auto byte : bytes) {
        take(byte);
    }
}

bool LineSplitter::ends_with(const std::vector<std::uint8_t>& mark) const {
    return buffer_.size() >= mark.size() && std::equal(mark.rbegin(), mark.rend(), buffer_.rbegin());
}

void LineSplitter::take(std::uint8_t byte) {
    buffer_.push_back(byte);
    if (!framing_.begin.empty() && !in_line_) {
        look_for_begin();
        return;
    }
    if (ends_with(framing_.end)) {
        end_line();
        return;
    }
    if (buffer_.size() >= framing_.max_length + framing_.end.size()) {
        if (!std::exchange(too_long_, true)) {
            events_.refused("too_long", buffer_);
        }
        // Only so much is kept as the rest of an end mark may need.
        buffer_.erase(buffer_.begin(), buffer_.end() - static_cast<std::ptrdiff_t>(framing_.end.size()));
    }
}

void LineSplitter::look_for_begin() {
    if (ends_with(framing_.begin)) {
        buffer_.resize(buffer_.size() - framing_.begin.size());
        if (!buffer_.empty() || broken_) {
            refuse("noise");
        }
        in_line_ = true;
    } else if (buffer_.size() > framing_.max_length) {
        refuse("noise");
    }
}

void LineSplitter::end_line() {
    buffer_.resize(buffer_.size() - framing_.end.size());
    in_line_ = false;
    if (std::exchange(too_long_, false)) {
        buffer_.clear();
        broken_ = false;
    } else if (broken_) {
        refuse("damaged");
    } else {
        events_.line(std::exchange(buffer_, {}));
    }
}

void LineSplitter::refuse(std::string_view kind) {
    broken_ = false;
    events_.refused(kind, std::exchange(buffer_, {}));
}

void LineSplitter::damaged() {
    broken_ = true;
}

void LineSplitter::silence() {
    in_line_ = false;
    if (std::exchange(too_long_, false)) {
        buffer_.clear();
        broken_ = false;
    } else if (partial()) {
        refuse("no_end");
    }
}

void LineSplitter::reset() {
    buffer_.clear();
    in_line_ = broken_ = too_long_ = false;
}

}  // namespace portcullis::drivers
