#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace portcullis::drivers {

/// How a reader frames a line.
struct Framing {
    std::vector<std::uint8_t> begin;  ///< empty = a line begins where the one before it ended
    std::vector<std::uint8_t> end{0x0D, 0x0A};
    std::size_t max_length = 256;  ///< without begin and end
};

/// Bytes to lines, whatever pieces they come in. What is no whole line is refused with a word and changes nothing
/// else: the next line counts again. Pure.
class LineSplitter {
public:
    struct Events {
        std::function<void(std::vector<std::uint8_t>)> line;
        std::function<void(std::string_view kind, std::vector<std::uint8_t>)> refused;
    };

    LineSplitter(Framing framing, Events events) : framing_(std::move(framing)), events_(std::move(events)) {}

    void bytes(std::span<const std::uint8_t> bytes);
    /// A damaged byte came here: the line that it is in is no line.
    void damaged();
    /// Nothing came for so long that what is here will not become a line.
    void silence();
    /// The connection is another: forget what came.
    void reset();
    /// Bytes wait for their line's end.
    [[nodiscard]] bool partial() const { return !buffer_.empty() || broken_; }

private:
    void take(std::uint8_t byte);
    void look_for_begin();
    void end_line();
    void refuse(std::string_view kind);
    [[nodiscard]] bool ends_with(const std::vector<std::uint8_t>& mark) const;

    Framing framing_;
    Events events_;
    std::vector<std::uint8_t> buffer_;
    bool in_line_ = false;   ///< the begin was seen; without a begin always
    bool broken_ = false;    ///< the line at hand holds a damaged byte
    bool too_long_ = false;  ///< what comes up to the next end belongs to a line that was refused already
};

}  // namespace portcullis::drivers
