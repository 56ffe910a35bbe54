#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portcullis::codec {

/// Bytes of the well-formed UTF-8 sequence that begins at `at` (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF), or 0.
[[nodiscard]] std::size_t utf8_length_at(std::string_view text, std::size_t at);

[[nodiscard]] bool is_utf8(std::string_view text);

/// At most `most_bytes` of a UTF-8 text that came from outside, cut between characters, with `…` where it was cut.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t most_bytes);

}  // namespace portcullis::codec
