#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codec/order_words.hpp"

/// Times of a gate's day, as rulesets write them.
namespace portcullis::codec {

/// `22:05` as minutes since midnight, or nothing.
[[nodiscard]] constexpr std::optional<std::int64_t> minutes_of(std::string_view text) {
    const bool formed = text.size() == 5 && text[2] == ':' && is_digit(text[0]) && is_digit(text[1]) &&
                        is_digit(text[3]) && is_digit(text[4]);
    if (!formed) {
        return std::nullopt;
    }
    const auto hours = (text[0] - '0') * 10 + (text[1] - '0');
    const auto minutes = (text[3] - '0') * 10 + (text[4] - '0');
    return hours < 24 && minutes < 60 ? std::optional<std::int64_t>{hours * 60 + minutes} : std::nullopt;
}

[[nodiscard]] inline std::string time_of_day(std::int64_t minutes) {
    const auto two = [](std::int64_t number) {
        return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

}  // namespace portcullis::codec
