#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portcullis {

/// A SHA-256 or HMAC-SHA256 value. `trust` computes them; everyone else compares and prints.
using Hash256 = std::array<std::uint8_t, 32>;

/// Lower-case hex: the one way in which bytes are written (contracts.md 3).
[[nodiscard]] inline std::string hex_text(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

/// From exactly 2·`Size` lower-case hex digits, or nothing.
template <std::size_t Size>
[[nodiscard]] std::optional<std::array<std::uint8_t, Size>> bytes_from_hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (text.size() != Size * 2) {
        return std::nullopt;
    }
    std::array<std::uint8_t, Size> bytes{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = digits.find(text[i]);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bytes[i / 2] = static_cast<std::uint8_t>(std::size_t{bytes[i / 2]} << 4U | digit);
    }
    return bytes;
}

/// From 64 lower-case hex digits, or nothing.
[[nodiscard]] inline std::optional<Hash256> hash256_from_hex(std::string_view text) {
    return bytes_from_hex<32>(text);
}

}  // namespace portcullis
