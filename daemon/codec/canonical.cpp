#include "codec/canonical.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/utf8.hpp"

namespace portcullis::codec {
namespace {

/// Orders the first byte in which two UTF-8 texts differ as UTF-16 would: U+10000 and above are surrogates there,
/// before U+E000 to U+FFFF.
unsigned utf16_weight(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value == 0xEE || value == 0xEF ? value + 0x10U : value;
}

bool is_plain(unsigned char byte) {
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/// Two characters for what RFC 8785 gives a short escape, otherwise `\u00xx`.
void append_escape(std::string& out, unsigned char byte) {
    constexpr std::string_view short_escaped = "\b\t\n\f\r\"\\";
    constexpr std::string_view short_letter = "btnfr\"\\";
    constexpr std::string_view digits = "0123456789abcdef";
    out.push_back('\\');
    if (const auto at = short_escaped.find(static_cast<char>(byte)); at != std::string_view::npos) {
        out.push_back(short_letter[at]);
        return;
    }
    out.append("u00");
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 15U]);
}

}  // namespace

bool utf16_less(std::string_view left, std::string_view right) {
    const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    if (l == left.end() || r == right.end()) {
        return l == left.end() && r != right.end();
    }
    return utf16_weight(*l) < utf16_weight(*r);
}

void CanonicalWriter::refuse(std::string problem) {
    if (!problem_) {
        problem_ = std::move(problem);
    }
}

void CanonicalWriter::sort_members_from(std::size_t first) {
    const auto begin = sorted_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, sorted_.end(),
              [](const Member* left, const Member* right) { return utf16_less(left->name, right->name); });
    const auto twice = std::adjacent_find(
        begin, sorted_.end(), [](const Member* left, const Member* right) { return left->name == right->name; });
    if (twice != sorted_.end()) {
        refuse("member \"" + (*twice)->name + "\" is there twice");
    }
}

void CanonicalWriter::integer(std::int64_t number) {
    if (number > widest_integer || number < -widest_integer) {
        refuse("integer " + std::to_string(number) + " is beyond ±(2^53 − 1)");
    }
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
}

void CanonicalWriter::text(std::string_view text) {
    out_.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        auto plain_end = at;
        while (plain_end < text.size() && is_plain(static_cast<unsigned char>(text[plain_end]))) {
            ++plain_end;
        }
        out_.append(text, at, plain_end - at);
        at = plain_end;
        if (at == text.size()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            append_escape(out_, byte);
            ++at;
            continue;
        }
        const auto length = utf8_length_at(text, at);
        if (length == 0) {
            refuse("text is not UTF-8");
            break;
        }
        out_.append(text, at, length);
        at += length;
    }
    out_.push_back('"');
}

void CanonicalWriter::value(const Value& value) {
    if (const auto* number = value.get<std::int64_t>()) {
        integer(*number);
    } else if (const auto* words = value.get<std::string>()) {
        text(*words);
    } else if (const auto* items = value.get<List>()) {
        list(*items, [this](const Value& item, std::size_t /*index*/) { this->value(item); });
    } else if (const auto* members = value.get<Object>()) {
        object(*members, [this](const Member& member) { this->value(member.value); });
    } else if (const auto* token = value.get<EventToken>()) {
        const auto sequence = sequence_of_ ? sequence_of_(*token) : std::nullopt;
        if (!sequence) {
            refuse("event token " + std::to_string(token->number) + " has no sequence");
        }
        integer(sequence.value_or(0));
    }
}

Result<std::string, Refusal> canonical_text(const Value& value, const SequenceOf& sequence_of) {
    std::string text;
    CanonicalWriter writer{text, sequence_of};
    writer.value(value);
    if (writer.problem()) {
        return Failure{Refusal{RefusalCause::parse, {}, *writer.problem()}};
    }
    return text;
}

}  // namespace portcullis::codec
