#include "drivers/framing/framer.hpp"

#include <algorithm>
#include <array>

namespace portcullis::drivers {

namespace {

bool matches(std::span<const std::uint8_t> bytes, std::size_t at, const Mark& mark) {
    return bytes.size() >= at + mark.size() && std::equal(mark.begin(), mark.end(), bytes.subspan(at).begin());
}

}  // namespace

// ---- what comes in

void Framer::push(std::span<const std::uint8_t> bytes, Instant at) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (!pieces_.empty() && pieces_.back().second == at) {
        pieces_.back().first = buffer_.size();
    } else {
        pieces_.emplace_back(buffer_.size(), at);
    }
}

void Framer::bytes(std::span<const std::uint8_t> bytes, Instant at) {
    if (!bytes.empty()) {
        push(bytes, at);
        work();
    }
}

void Framer::damaged(Instant at) {
    constexpr std::array<std::uint8_t, 1> unknown{0};
    damaged_.push_back(buffer_.size());
    push(unknown, at);
    work();
}

void Framer::reset() {
    drop(buffer_.size());
    skipping_ = false;
}

void Framer::work() {
    while (!buffer_.empty() && !(skipping_ && !skip()) && at_begin()) {
        const auto found = look();
        if (found.what == Found::What::wait) {
            return;
        }
        act_on(found);
    }
}

void Framer::silence() {
    if (std::exchange(skipping_, false)) {
        drop(buffer_.size());
    }
    while (!buffer_.empty() && at_begin()) {
        auto found = framing_.kind == FramingKind::silence ? whole(buffer_.size()) : look();
        if (found.what == Found::What::wait) {
            found = {Found::What::refused, buffer_.size(), "no_end"};
        }
        act_on(found);
        if (skipping_) {
            drop(buffer_.size());
        }
    }
    if (!buffer_.empty()) {
        report("noise", buffer_.size());
        drop(buffer_.size());
    }
    skipping_ = false;
}

void Framer::act_on(const Found& found) {
    if (found.what == Found::What::frame) {
        take(found);
    } else {
        refuse(found);
    }
}

// ---- what it is

bool Framer::at_begin() {
    if (framing_.begin.empty()) {
        return true;
    }
    if (const auto begin = begin_from(0)) {
        if (*begin > 0) {
            report("noise", *begin);
            drop(*begin);
        }
        return true;
    }
    if (buffer_.size() > framing_.max_length) {
        const auto over = buffer_.size() - (framing_.begin.size() - 1);
        report("noise", over);
        drop(over);
    }
    return false;
}

Framer::Found Framer::look() const {
    switch (framing_.kind) {
        case FramingKind::line:
            return look_for_line();
        case FramingKind::length:
            return look_for_length();
        case FramingKind::fixed:
            return whole(framing_.total);
        case FramingKind::silence:
            return buffer_.size() > framing_.max_length ? Found{Found::What::refused, buffer_.size(), "too_long"}
                                                        : Found{};
    }
    return {};
}

Framer::Found Framer::look_for_line() const {
    const auto head = framing_.begin.size();
    const auto end = end_from(head);
    const auto most = head + framing_.max_length + width(CheckPlace::before_end);
    if (begin_is_control()) {
        const auto next = begin_from(head);
        if (next && (!end || *next < end->first)) {
            return {Found::What::refused, *next, *next > most ? "too_long" : "no_end"};
        }
    }
    if (end) {
        const auto length = end->first + end->second + width(CheckPlace::after_end);
        if (end->first > most) {
            return {Found::What::refused, std::min(length, buffer_.size()), "too_long"};
        }
        return buffer_.size() < length ? Found{} : judged({Found::What::frame, length, {}, end->first, end->second});
    }
    return buffer_.size() >= most + longest_end() ? Found{Found::What::refused, buffer_.size(), "too_long"} : Found{};
}

Framer::Found Framer::look_for_length() const {
    const auto& field = framing_.length;
    const auto head = field.at + field.width;
    if (buffer_.size() < head) {
        return {};
    }
    if (damaged_before(head)) {
        return {Found::What::refused, head, "damaged"};
    }
    std::size_t counted = 0;
    for (std::size_t i = 0; i < field.width; ++i) {
        const auto from_high = field.order == FieldOrder::high_first ? i : field.width - 1 - i;
        counted = counted << 8U | buffer_[field.at + from_high];
    }
    const auto length = counted + field.plus;
    if (length < head || length > framing_.max_length) {
        return {Found::What::refused, head, "length"};
    }
    return whole(length);
}

/// Where length alone ends a frame, its end mark stands where it must.
Framer::Found Framer::whole(std::size_t length) const {
    if (buffer_.size() < length) {
        return {};
    }
    const auto end_length = framing_.ends.empty() ? 0 : framing_.ends.front().size();
    const auto tail = end_length + width(CheckPlace::after_end);
    const auto overhead = framing_.begin.size() + width(CheckPlace::before_end) + tail;
    if (length < overhead) {
        return {Found::What::refused, length, "length"};
    }
    return judged({Found::What::frame, length, {}, length - tail, end_length});
}

Framer::Found Framer::judged(Found found) const {
    if (const auto defect = defect_of(found)) {
        found.what = Found::What::refused;
        found.kind = *defect;
    }
    return found;
}

std::optional<std::string_view> Framer::defect_of(const Found& found) const {
    if (damaged_before(found.length)) {
        return "damaged";
    }
    const std::span frame{buffer_.data(), found.length};
    const bool marked = framing_.kind == FramingKind::line || framing_.ends.empty() ||
                        matches(frame, found.end_at, framing_.ends.front());
    if (!marked) {
        return "marks";
    }
    if (framing_.check) {
        const auto size = check_width(*framing_.check);
        const bool after = framing_.check->place == CheckPlace::after_end;
        const auto at = after ? found.end_at + found.end_length : found.end_at - std::min(size, found.end_at);
        if (at < std::max(framing_.check->from, framing_.begin.size()) || at + size > found.length) {
            return "length";
        }
        const auto covered = frame.subspan(framing_.check->from, at - framing_.check->from);
        if (!check_holds(*framing_.check, covered, frame.subspan(at, size))) {
            return "check";
        }
    }
    return std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> Framer::end_from(std::size_t from) const {
    for (std::size_t at = from; at < buffer_.size(); ++at) {
        std::size_t longest = 0;
        for (const auto& end : framing_.ends) {
            longest = matches(buffer_, at, end) ? std::max(longest, end.size()) : longest;
        }
        if (longest > 0) {
            return std::pair{at, longest};
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> Framer::begin_from(std::size_t from) const {
    for (std::size_t at = from; at < buffer_.size(); ++at) {
        if (matches(buffer_, at, framing_.begin) && std::find(damaged_.begin(), damaged_.end(), at) == damaged_.end()) {
            return at;
        }
    }
    return std::nullopt;
}

bool Framer::damaged_before(std::size_t length) const {
    return !damaged_.empty() && damaged_.front() < length;
}

std::size_t Framer::longest_end() const {
    std::size_t longest = 0;
    for (const auto& end : framing_.ends) {
        longest = std::max(longest, end.size());
    }
    return longest;
}

std::size_t Framer::width(CheckPlace place) const {
    return framing_.check && framing_.check->place == place ? check_width(*framing_.check) : 0;
}

bool Framer::begin_is_control() const {
    constexpr std::uint8_t first_printable = 0x20;
    return !framing_.begin.empty() && framing_.begin.front() < first_printable;
}

// ---- what becomes of it

void Framer::take(const Found& found) {
    Frame frame;
    frame.bytes.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(found.length));
    frame.content_at = framing_.begin.size();
    frame.content_length = found.end_at - width(CheckPlace::before_end) - frame.content_at;
    const auto piece =
        std::find_if(pieces_.begin(), pieces_.end(), [&found](const auto& one) { return one.first >= found.length; });
    frame.at = piece->second;
    drop(found.length);
    // Where several marks end a line, CR LF is an end and a line with nothing in it.
    const bool nothing = framing_.ends.size() > 1 && frame.content_length == 0;
    if (!nothing) {
        events_.frame(frame);
    }
}

void Framer::refuse(const Found& found) {
    report(found.kind, found.length);
    if (framing_.kind == FramingKind::line) {
        skipping_ = found.kind == "too_long" && !end_from(framing_.begin.size());
        drop(skipping_ ? framing_.begin.size() : found.length);
        return;
    }
    if (framing_.begin.empty() || framing_.kind == FramingKind::silence) {
        skipping_ = true;  // nothing tells where the next one begins, but the silence before it
        drop(buffer_.size());
        return;
    }
    reported_ = std::max(reported_, found.length);
    drop(1);
}

void Framer::report(std::string_view kind, std::size_t length) {
    if (length > reported_) {
        if (reported_ == 0 || kind == "noise") {
            events_.refused(kind, {buffer_.begin() + static_cast<std::ptrdiff_t>(reported_),
                                   buffer_.begin() + static_cast<std::ptrdiff_t>(length)});
        }
    }
}

/// Drops what belongs to a line that was refused; true when its end is found.
bool Framer::skip() {
    if (framing_.kind != FramingKind::line) {
        drop(buffer_.size());
        return false;
    }
    const auto end = end_from(0);
    const auto next = begin_is_control() ? begin_from(0) : std::nullopt;
    if (next && (!end || *next < end->first)) {
        drop(*next);
        skipping_ = false;
        return true;
    }
    if (end) {
        drop(end->first + end->second);
        skipping_ = false;
        return true;
    }
    // Only so much is kept as the rest of a mark may need.
    const auto kept = std::max({longest_end(), framing_.begin.size(), std::size_t{1}}) - 1;
    drop(buffer_.size() - std::min(buffer_.size(), kept));
    return false;
}

void Framer::drop(std::size_t count) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(count));
    reported_ -= std::min(reported_, count);
    std::erase_if(damaged_, [count](std::size_t at) { return at < count; });
    for (auto& at : damaged_) {
        at -= count;
    }
    std::erase_if(pieces_, [count](const auto& piece) { return piece.first <= count; });
    for (auto& piece : pieces_) {
        piece.first -= count;
    }
}

}  // namespace portcullis::drivers
