#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

/// The forms of texts in orders: what the schemas of the events that quote them ask for (docs/events/common.v1.json).
namespace portcullis::codec {

inline constexpr std::size_t longest_identifier = 128;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// Whether `text` has a length within the bounds and only characters that `allowed` takes.
template <class Allowed>
constexpr bool has_only(std::string_view text, std::size_t least, std::size_t most, Allowed allowed) {
    return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), allowed);
}

inline constexpr auto identifier_form = "an identifier of at most 128 bytes";
constexpr bool is_identifier(std::string_view text) {
    return !text.empty() && text.size() <= longest_identifier;
}

/// A terminal or a gate (contracts.md 1).
inline constexpr auto audience_name_form = "a name of 1 to 32 of a-z, 0-9 and -";
constexpr bool is_audience_name(std::string_view text) {
    return has_only(text, 1, 32, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}
constexpr bool is_audience_or_all(std::string_view text) {
    return text == "*" || is_audience_name(text);
}

inline constexpr auto authority_form = "a name of 1 to 32 of a-z, 0-9, _ and -";
constexpr bool is_authority(std::string_view text) {
    return has_only(text, 1, 32, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; }) &&
           text.front() != '-' && text.front() != '_';
}

/// A zone or control point, as settings name things.
inline constexpr auto setting_name_form = "a name of 1 to 64 of A-Z, a-z, 0-9, _, . and -";
constexpr bool is_setting_name(std::string_view text) {
    return has_only(
               text, 1, 64,
               [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }) &&
           text.front() != '-' && text.front() != '.';
}

inline constexpr auto word_form = "a word of a-z, 0-9 and _";
constexpr bool is_word(std::string_view text) {
    return has_only(text, 1, 64, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; }) &&
           is_lower(text.front());
}

inline constexpr auto hs_code_form = "an HS code or prefix of 2 to 12 digits";
constexpr bool is_hs_code(std::string_view text) {
    return has_only(text, 2, 12, is_digit);
}

inline constexpr auto country_form = "a country of ISO 3166 (two capitals)";
constexpr bool is_country(std::string_view text) {
    return has_only(text, 2, 2, is_upper);
}

inline constexpr auto port_form = "a UN/LOCODE (five capitals or digits)";
constexpr bool is_port(std::string_view text) {
    return has_only(text, 5, 5, [](char c) { return is_upper(c) || is_digit(c); });
}

inline constexpr auto size_type_form = "a size and type of ISO 6346 (four capitals or digits)";
constexpr bool is_size_type(std::string_view text) {
    return has_only(text, 4, 4, [](char c) { return is_upper(c) || is_digit(c); });
}

}  // namespace portcullis::codec
