#include "core/utf8.hpp"

#include <algorithm>

namespace portcullis {
namespace {

struct Lead {
    std::size_t length = 0;  ///< bytes of the sequence; 0 = no lead byte
    char32_t bits = 0;
    char32_t least = 0;  ///< smallest code point of this length: a smaller one is an overlong form
};

constexpr Lead lead_of(unsigned char byte) {
    if (byte < 0x80U) {
        return {1, byte, 0};
    }
    if (byte >= 0xC2U && byte < 0xE0U) {
        return {2, byte & 0x1FU, 0x80};
    }
    if (byte >= 0xE0U && byte < 0xF0U) {
        return {3, byte & 0x0FU, 0x800};
    }
    if (byte >= 0xF0U && byte < 0xF5U) {
        return {4, byte & 0x07U, 0x10000};
    }
    return {};
}

constexpr bool is_scalar_value(char32_t code_point) {
    return code_point < 0x110000 && (code_point < 0xD800 || code_point > 0xDFFF);
}

/// Bytes and code point of the sequence that begins at `at`; no bytes when it is none (RFC 3629).
struct Sequence {
    std::size_t length = 0;
    char32_t code_point = 0;
};

Sequence sequence_at(std::string_view text, std::size_t at) {
    const auto lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.length == 0 || lead.length > text.size() - at) {
        return {};
    }
    auto code_point = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0U) != 0x80U) {
            return {};
        }
        code_point = (code_point << 6U) | (byte & 0x3FU);
    }
    if (code_point < lead.least || !is_scalar_value(code_point)) {
        return {};
    }
    return {lead.length, code_point};
}

}  // namespace

std::size_t utf8_length_at(std::string_view text, std::size_t at) {
    return sequence_at(text, at).length;
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

std::optional<std::u32string> code_points(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto sequence = sequence_at(text, at);
        if (sequence.length == 0) {
            return std::nullopt;
        }
        out.push_back(sequence.code_point);
        at += sequence.length;
    }
    return out;
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)));
    };
    if (code_point < 0x80) {
        out.push_back(static_cast<char>(code_point));
    } else if (code_point < 0x800) {
        out.push_back(static_cast<char>(0xC0U | (code_point >> 6U)));
        tail(0);
    } else if (code_point < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | (code_point >> 12U)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xF0U | (code_point >> 18U)));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string to_utf8(std::u32string_view code_points) {
    std::string out;
    out.reserve(code_points.size() * 3);
    for (const auto code_point : code_points) {
        append_utf8(out, code_point);
    }
    return out;
}

}  // namespace portcullis
