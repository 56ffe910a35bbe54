#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace portcullis {

/// One value of an enum and the word that stands for it in YAML, MQTT, SQL and docs.
template <class Enum>
struct EnumText {
    Enum value;
    std::string_view text;
};

/// The words of an enum, one row a value; specialised beside each enum (design.md 1: one word per thing).
template <class Enum>
inline constexpr std::array<EnumText<Enum>, 0> enum_texts{};

template <class Enum>
concept HasTexts = enum_texts<Enum>
.size() > 0;

/// The word of `value`. Every value has a row: checked by a test over all enums.
template <HasTexts Enum>
constexpr std::string_view text_of(Enum value) {
    for (const auto& row : enum_texts<Enum>) {
        if (row.value == value) {
            return row.text;
        }
    }
    return "unknown";
}

/// The value that `text` stands for, or nothing. Exact match only: words are written one way.
template <HasTexts Enum>
constexpr std::optional<Enum> enum_from(std::string_view text) {
    for (const auto& row : enum_texts<Enum>) {
        if (row.text == text) {
            return row.value;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis
