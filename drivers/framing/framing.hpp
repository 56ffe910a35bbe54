#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/time.hpp"
#include "drivers/framing/check.hpp"

namespace portcullis::drivers {

/// What ends a frame: its end mark, its own length field, a fixed number of bytes, or that nothing more comes.
enum class FramingKind : std::uint8_t { line, length, fixed, silence };

using Mark = std::vector<std::uint8_t>;

/// Where a frame says how long it is: a number of `width` bytes (1 or 2) at `at`; the frame has so many bytes and
/// `plus` more, which the number does not count.
struct LengthField {
    std::size_t at = 0;
    std::size_t width = 1;
    FieldOrder order = FieldOrder::high_first;
    std::size_t plus = 0;
    friend bool operator==(const LengthField&, const LengthField&) = default;
};

/// How a device marks its frames off: `begin, content, check, end` or `begin, content, end, check`; each part but the
/// content may be missing.
struct FramingSettings {
    FramingKind kind = FramingKind::line;
    Mark begin = {};
    std::vector<Mark> ends = {};  ///< any of them ends a line; of other kinds at most one
    LengthField length = {};
    std::size_t total = 0;         ///< bytes of a fixed frame
    std::size_t max_length = 256;  ///< of a line without its marks and check; of other frames as a whole
    std::optional<CheckSettings> check = {};
    std::chrono::milliseconds idle{500};  ///< what stands still for so long will not end (or has, by silence)
    friend bool operator==(const FramingSettings&, const FramingSettings&) = default;
};

/// A frame that is whole and whose marks and check hold.
struct Frame {
    std::vector<std::uint8_t> bytes;  ///< all of it, as positions of a manual count
    std::size_t content_at = 0;
    std::size_t content_length = 0;
    Instant at;  ///< when its last byte came
    /// Without marks and check.
    [[nodiscard]] std::span<const std::uint8_t> content() const {
        return std::span{bytes}.subspan(content_at, content_length);
    }
};

/// `framing:` and `check:` of a profile.
[[nodiscard]] FramingSettings read_framing(const ConfigNode& profile, ConfigProblems& problems);

/// `0D 0A` to bytes; nothing when it is not pairs of hex digits with single spaces between.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> hex_bytes(std::string_view text);

/// A frame of this content to send: with its marks, its check, and its length field (which is part of `content`, and
/// is filled in here).
[[nodiscard]] std::vector<std::uint8_t> framed(const FramingSettings& framing, std::span<const std::uint8_t> content);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::FramingKind> = std::to_array<EnumText<drivers::FramingKind>>({
    {drivers::FramingKind::line, "line"},
    {drivers::FramingKind::length, "length"},
    {drivers::FramingKind::fixed, "fixed"},
    {drivers::FramingKind::silence, "silence"},
});

}  // namespace portcullis
