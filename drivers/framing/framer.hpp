#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/framing/framing.hpp"

namespace portcullis::drivers {

/// Bytes to frames, whatever pieces they come in. What is no whole frame, or fails its check, is refused with a word
/// and changes nothing else: the next frame counts again. A frame that may have swallowed the begin of the next one
/// is searched for it. Pure; keeps at most one frame and one piece.
///
/// Words: `noise` (bytes outside of frames), `too_long`, `length` (the field is impossible), `marks`, `check`,
/// `damaged`, `no_end`.
class Framer {
public:
    struct Events {
        std::function<void(const Frame&)> frame;
        std::function<void(std::string_view kind, std::vector<std::uint8_t>)> refused;
    };

    Framer(FramingSettings framing, Events events) : framing_(std::move(framing)), events_(std::move(events)) {}

    /// `at` is when they came.
    void bytes(std::span<const std::uint8_t> bytes, Instant at);
    /// A damaged byte came here: the frame that it is in is no frame.
    void damaged(Instant at);
    /// Nothing came for so long that what is here is over.
    void silence();
    /// The connection is another: forget what came.
    void reset();
    /// Bytes wait for their frame's end.
    [[nodiscard]] bool partial() const { return !buffer_.empty() || skipping_; }

private:
    /// What the bytes at the front of the buffer are.
    struct Found {
        enum class What : std::uint8_t { wait, frame, refused } what = What::wait;
        std::size_t length = 0;                  ///< of the frame, or of what is refused
        std::string_view kind;                   ///< of what is refused
        std::size_t end_at = 0, end_length = 0;  ///< the frame's end mark
    };

    void push(std::span<const std::uint8_t> bytes, Instant at);
    void work();
    void act_on(const Found& found);
    [[nodiscard]] bool at_begin();
    [[nodiscard]] Found look() const;
    [[nodiscard]] Found look_for_line() const;
    [[nodiscard]] Found look_for_length() const;
    [[nodiscard]] Found whole(std::size_t length) const;
    [[nodiscard]] Found judged(Found found) const;
    [[nodiscard]] std::optional<std::string_view> defect_of(const Found& found) const;
    /// The first end mark at or after `from`, and its length.
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> end_from(std::size_t from) const;
    [[nodiscard]] std::optional<std::size_t> begin_from(std::size_t from) const;
    [[nodiscard]] bool damaged_before(std::size_t length) const;
    [[nodiscard]] std::size_t longest_end() const;
    [[nodiscard]] std::size_t width(CheckPlace place) const;
    /// A begin mark in the middle of a line can only be the next one's.
    [[nodiscard]] bool begin_is_control() const;

    void take(const Found& found);
    void refuse(const Found& found);
    void report(std::string_view kind, std::size_t length);
    [[nodiscard]] bool skip();
    void drop(std::size_t count);

    FramingSettings framing_;
    Events events_;
    std::vector<std::uint8_t> buffer_;
    std::vector<std::size_t> damaged_;                     ///< places in the buffer, ascending
    std::vector<std::pair<std::size_t, Instant>> pieces_;  ///< where each piece ends in the buffer, and when it came
    std::size_t reported_ = 0;  ///< bytes at the front that were refused already and are searched once more
    bool skipping_ = false;     ///< what comes up to the next end (or silence) belongs to what was refused
};

}  // namespace portcullis::drivers
