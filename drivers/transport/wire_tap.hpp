#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace portcullis::drivers {

/// Seen from the daemon; `note` is no byte of the wire but what became of the connection, as text.
enum class WireDirection : std::uint8_t { out, in, note };

/// Bytes that went over a wire in one piece, at their time there.
struct WireFrame {
    WireDirection direction = WireDirection::in;
    std::vector<std::uint8_t> bytes;
    Instant at;
    friend bool operator==(const WireFrame&, const WireFrame&) = default;
};

/// The newest frames of a bus for whoever looks at it: a ring of at most 256 KiB and 2,048 frames. Keeps nothing
/// unless somebody listens, and whoever listens says so again and again: a technician who went away costs nothing.
/// Main context only.
class WireTap {
public:
    /// Somebody listens until then.
    void listen(Instant until);
    [[nodiscard]] bool listening(Instant now) const { return until_ && now < *until_; }

    /// Keeps the frame while somebody listens; else does nothing but empty the ring.
    void put(WireFrame frame);
    void put(WireDirection direction, std::span<const std::uint8_t> bytes, Instant at);
    void note(const std::string& what, Instant at);

    /// Frames from a number on; each has its number, ascending without a gap.
    struct Look {
        std::uint64_t first = 0;  ///< number of the first one; above what was asked for when older ones are lost
        std::vector<WireFrame> frames;
        std::uint64_t next = 0;  ///< what to ask for next
    };
    /// At most so many bytes of frames, and one frame at least where there is one. A number that was never given
    /// counts as the newest.
    [[nodiscard]] Look look(std::uint64_t from, std::size_t most_bytes) const;
    /// The number that the next frame gets.
    [[nodiscard]] std::uint64_t next() const { return first_ + ring_.size(); }

    static constexpr std::size_t most_bytes = std::size_t{256} * 1024;
    static constexpr std::size_t most_frames = 2048;

private:
    std::deque<WireFrame> ring_;
    std::size_t bytes_ = 0;
    std::uint64_t first_ = 1;
    std::optional<Instant> until_;
};

}  // namespace portcullis::drivers
