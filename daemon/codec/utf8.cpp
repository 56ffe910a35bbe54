#include "codec/utf8.hpp"

#include <algorithm>

namespace portcullis::codec {
namespace {

/// RFC 3629 section 4: what a lead byte says about its sequence. Only the second byte has bounds of its own.
struct Sequence {
    std::size_t length;
    unsigned char second_least;
    unsigned char second_most;
};

Sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) {
        return {1, 0, 0};
    }
    if (lead < 0xC2) {
        return {0, 0, 0};
    }
    if (lead < 0xE0) {
        return {2, 0x80, 0xBF};
    }
    if (lead < 0xF0) {
        const bool shortest = lead == 0xE0;
        const bool surrogates = lead == 0xED;
        return {3, static_cast<unsigned char>(shortest ? 0xA0 : 0x80),
                static_cast<unsigned char>(surrogates ? 0x9F : 0xBF)};
    }
    if (lead < 0xF5) {
        const bool shortest = lead == 0xF0;
        const bool last = lead == 0xF4;
        return {4, static_cast<unsigned char>(shortest ? 0x90 : 0x80), static_cast<unsigned char>(last ? 0x8F : 0xBF)};
    }
    return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length_at(std::string_view text, std::size_t at) {
    const auto byte = [text, at](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
    const auto sequence = sequence_of(byte(0));
    if (sequence.length < 2) {
        return sequence.length;
    }
    if (at + sequence.length > text.size() || byte(1) < sequence.second_least || byte(1) > sequence.second_most) {
        return 0;
    }
    for (std::size_t i = 2; i < sequence.length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF) {
            return 0;
        }
    }
    return sequence.length;
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto length = utf8_length_at(text, at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

std::string clipped(std::string_view text, std::size_t most_bytes) {
    constexpr std::string_view mark = "…";
    if (text.size() <= most_bytes) {
        return std::string{text};
    }
    auto length = most_bytes - std::min(most_bytes, mark.size());
    const auto continues = [&] { return (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U; };
    while (length > 0 && continues()) {
        --length;
    }
    return std::string{text.substr(0, length)} + std::string{mark};
}

}  // namespace portcullis::codec
