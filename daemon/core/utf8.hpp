#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis {

/// Bytes of the well-formed UTF-8 sequence that begins at `at` (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF), or 0.
[[nodiscard]] std::size_t utf8_length_at(std::string_view text, std::size_t at);

[[nodiscard]] bool is_utf8(std::string_view text);

/// At most `most_bytes` of a UTF-8 text that came from outside, cut between characters, with `…` where it was cut.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t most_bytes);

/// The code points of `text`, or nothing when it is not UTF-8 (overlong forms, surrogates and cut sequences are not).
[[nodiscard]] std::optional<std::u32string> code_points(std::string_view text);

/// Appends `code_point` as UTF-8. `code_point` is a scalar value: below U+110000 and no surrogate.
void append_utf8(std::string& out, char32_t code_point);

/// `code_points` as UTF-8.
[[nodiscard]] std::string to_utf8(std::u32string_view code_points);

/// The ASCII form of a full-width character (U+FF01 to U+FF5E), or the character itself.
[[nodiscard]] constexpr char32_t half_width(char32_t code_point) {
    constexpr char32_t first = 0xFF01;
    constexpr char32_t last = 0xFF5E;
    return code_point >= first && code_point <= last ? code_point - first + U'!' : code_point;
}

}  // namespace portcullis
