#include "core/container_number.hpp"

#include <algorithm>
#include <array>

#include "core/utf8.hpp"

namespace portcullis {
namespace {

constexpr std::size_t owner_length = 3;
constexpr std::size_t category_at = 3;
constexpr std::size_t serial_at = 4;
constexpr std::size_t check_at = 10;
constexpr std::size_t number_length = 11;

/// In the order of the letters, which is the order of the packed key.
constexpr std::string_view categories = "JUZ";
/// EN 13044 (European loading units): same arithmetic, another register.
constexpr std::string_view ilu_categories = "ABDEK";

constexpr bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// ISO 6346: A = 10, then upwards, leaving out the multiples of 11.
constexpr unsigned value_of(char c) {
    if (is_digit(c)) {
        return static_cast<unsigned>(c - '0');
    }
    unsigned value = 10;
    for (char letter = 'A'; letter < c; ++letter) {
        ++value;
        if (value % 11 == 0) {
            ++value;
        }
    }
    return value;
}

/// The remainder modulo 11 of the first ten characters; 10 prints as 0.
constexpr unsigned remainder_of(std::string_view ten) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < check_at; ++i) {
        sum += value_of(ten[i]) << i;
    }
    return sum % 11;
}

constexpr char check_digit_of(std::string_view ten) {
    return static_cast<char>('0' + remainder_of(ten) % 10);
}

static_assert(check_digit_of("CSQU305438") == '3', "the standard's own example");

std::optional<ContainerNumberError> form_defect(std::string_view text) {
    const auto error = [](ContainerDefect defect, std::size_t position) {
        return ContainerNumberError{defect, position, std::nullopt};
    };
    if (text.empty()) {
        return error(ContainerDefect::empty, 0);
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_letter(text[i]) && !is_digit(text[i])) {
            return error(ContainerDefect::bad_character, i);
        }
    }
    if (text.size() < number_length) {
        return error(ContainerDefect::too_short, text.size());
    }
    if (text.size() > number_length) {
        return error(ContainerDefect::too_long, number_length);
    }
    for (std::size_t i = 0; i < owner_length; ++i) {
        if (!is_letter(text[i])) {
            return error(ContainerDefect::owner_not_letters, i);
        }
    }
    if (!is_letter(text[category_at])) {
        return error(ContainerDefect::category_not_letter, category_at);
    }
    if (ilu_categories.find(text[category_at]) != std::string_view::npos) {
        return error(ContainerDefect::ilu, category_at);
    }
    if (categories.find(text[category_at]) == std::string_view::npos) {
        return error(ContainerDefect::category_unknown, category_at);
    }
    for (std::size_t i = serial_at; i < number_length; ++i) {
        if (!is_digit(text[i])) {
            return error(ContainerDefect::serial_not_digits, i);
        }
    }
    return std::nullopt;
}

std::optional<ContainerNumberError> defect_of(std::string_view text) {
    if (auto error = form_defect(text)) {
        return error;
    }
    if (const auto expected = check_digit_of(text); text[check_at] != expected) {
        return ContainerNumberError{ContainerDefect::check_digit, check_at, expected};
    }
    return std::nullopt;
}

std::uint64_t pack(std::string_view text) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < owner_length; ++i) {
        key = key * 32 + static_cast<std::uint64_t>(text[i] - 'A');
    }
    key = key * 4 + categories.find(text[category_at]);
    std::uint64_t serial = 0;
    for (std::size_t i = serial_at; i < check_at; ++i) {
        serial = serial * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    return (key << 24U) | (serial << 4U) | static_cast<std::uint64_t>(text[check_at] - '0');
}

/// Nothing when the key's fields are out of range; the check digit is not looked at.
std::optional<std::string> unpack(std::uint64_t key) {
    const auto check = key & 15U;
    auto serial = (key >> 4U) & 0xFFFFFU;
    const auto category = (key >> 24U) & 3U;
    auto owner = key >> 26U;
    if (check > 9 || serial > 999'999 || category >= categories.size() || owner >= std::uint64_t{1} << 15U) {
        return std::nullopt;
    }
    std::string text(number_length, '0');
    for (auto i = owner_length; i-- > 0; owner >>= 5U) {
        if ((owner & 31U) >= 26) {
            return std::nullopt;
        }
        text[i] = static_cast<char>('A' + (owner & 31U));
    }
    text[category_at] = categories[category];
    for (auto i = check_at; i-- > serial_at; serial /= 10) {
        text[i] = static_cast<char>('0' + serial % 10);
    }
    text[check_at] = static_cast<char>('0' + check);
    return text;
}

/// A digit and a letter that readers take for each other: table T1 of the domain's confusables.
struct Confusable {
    char digit;
    char letter;
};
constexpr auto across_classes = std::to_array<Confusable>({
    {'0', 'O'},
    {'0', 'D'},
    {'0', 'Q'},
    {'1', 'I'},
    {'1', 'L'},
    {'2', 'Z'},
    {'4', 'A'},
    {'5', 'S'},
    {'6', 'G'},
    {'7', 'T'},
    {'8', 'B'},
});

}  // namespace

std::string ContainerNumberError::message() const {
    const auto at = " at character " + std::to_string(position + 1);
    switch (defect) {
        case ContainerDefect::empty:
            return "nothing there";
        case ContainerDefect::too_short:
            return "only " + std::to_string(position) + " characters, a container number has 11";
        case ContainerDefect::too_long:
            return "more than the 11 characters of a container number";
        case ContainerDefect::bad_character:
            return "neither letter nor digit" + at;
        case ContainerDefect::owner_not_letters:
            return "no letter in the owner code" + at;
        case ContainerDefect::category_not_letter:
            return "no letter as category" + at;
        case ContainerDefect::ilu:
            return "a European loading unit (EN 13044), not ISO 6346";
        case ContainerDefect::category_unknown:
            return "category is none of U, J, Z";
        case ContainerDefect::serial_not_digits:
            return "no digit" + at;
        case ContainerDefect::check_digit:
            return std::string{"check digit is wrong, it must be "}.append(1, expected_check.value_or('?'));
    }
    return "no container number";
}

Result<ContainerNumber, ContainerNumberError> ContainerNumber::parse(std::string_view text) {
    const auto normalised = normalised_container_text(text);
    if (const auto error = defect_of(normalised)) {
        return Failure{*error};
    }
    return ContainerNumber{pack(normalised)};
}

std::optional<ContainerNumber> ContainerNumber::from_packed(std::uint64_t key) {
    const auto text = unpack(key);
    if (!text || defect_of(*text)) {
        return std::nullopt;
    }
    return ContainerNumber{key};
}

std::string ContainerNumber::text() const {
    return unpack(packed_).value();
}

ContainerCategory ContainerNumber::category() const {
    switch (text()[category_at]) {
        case 'J':
            return ContainerCategory::equipment;
        case 'Z':
            return ContainerCategory::chassis;
        default:
            return ContainerCategory::freight;
    }
}

bool ContainerNumber::check_digit_ten() const {
    return remainder_of(text()) == 10;
}

std::string normalised_container_text(std::string_view text) {
    const auto decoded = code_points(text);
    if (!decoded) {
        return std::string{text};
    }
    std::string out;
    out.reserve(text.size());
    for (const auto original : *decoded) {
        const auto folded = half_width(original);
        if (original == U' ' || original == U'-' || original == U'.') {
            continue;
        }
        if (folded >= U'a' && folded <= U'z') {
            out.push_back(static_cast<char>(folded - U'a' + U'A'));
        } else if ((folded >= U'A' && folded <= U'Z') || (folded >= U'0' && folded <= U'9')) {
            out.push_back(static_cast<char>(folded));
        } else {
            append_utf8(out, original);
        }
    }
    return out;
}

std::vector<ContainerRepair> container_repairs(std::string_view text) {
    const auto normalised = normalised_container_text(text);
    std::vector<ContainerRepair> repairs;
    if (normalised.size() != number_length) {
        return repairs;
    }
    for (std::size_t i = 0; i < number_length; ++i) {
        const bool wants_letter = i < serial_at;
        for (const auto& pair : across_classes) {
            if (normalised[i] != (wants_letter ? pair.digit : pair.letter)) {
                continue;
            }
            auto candidate = normalised;
            candidate[i] = wants_letter ? pair.letter : pair.digit;
            if (auto number = ContainerNumber::parse(candidate)) {
                repairs.push_back({*number, i});
            }
        }
    }
    return repairs;
}

}  // namespace portcullis
