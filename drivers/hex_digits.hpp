#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace portcullis::drivers {

/// Bytes as hex digits in capitals, with nothing between them: how tags and cards are named.
[[nodiscard]] inline std::string hex_digits(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

}  // namespace portcullis::drivers
