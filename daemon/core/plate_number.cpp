#include "core/plate_number.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "core/plate_province.hpp"
#include "core/utf8.hpp"

namespace portcullis {
namespace {

using Text = std::u32string_view;

/// GA 36-2018, tables 5 and 6.
constexpr Text energy_letters = U"DFABCEGHJK";
constexpr Text armed_police_services = U"TDSHBXJ";
constexpr Text separators = U" \u3000\u00B7\u2022\u30FB\uFF65.-";
constexpr std::size_t foreign_least = 2;
constexpr std::size_t foreign_most = 10;

struct Folded {
    char32_t traditional;
    char32_t simplified;
};
/// The fixed set of characters that stand on plates; no general conversion.
constexpr auto traditional_forms = std::to_array<Folded>({
    {U'閩', U'闽'},
    {U'粵', U'粤'},
    {U'蘇', U'苏'},
    {U'魯', U'鲁'},
    {U'滬', U'沪'},
    {U'遼', U'辽'},
    {U'雲', U'云'},
    {U'貴', U'贵'},
    {U'寧', U'宁'},
    {U'陝', U'陕'},
    {U'贛', U'赣'},
    {U'瓊', U'琼'},
    {U'領', U'领'},
    {U'學', U'学'},
    {U'掛', U'挂'},
    {U'臨', U'临'},
});

constexpr bool is_one_of(char32_t c, Text set) {
    return set.find(c) != Text::npos;
}
constexpr bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}
constexpr bool is_capital(char32_t c) {
    return c >= U'A' && c <= U'Z';
}
constexpr bool is_i_or_o(char32_t c) {
    return c == U'I' || c == U'O';
}
/// `X` of the grammar: a digit, or a letter without I and O.
constexpr bool is_serial_character(char32_t c) {
    return is_digit(c) || (is_capital(c) && !is_i_or_o(c));
}
constexpr bool is_han(char32_t c) {
    return c >= 0x4E00 && c <= 0x9FFF;
}
constexpr bool all_digits(Text text) {
    return std::ranges::all_of(text, is_digit);
}

char32_t normalised(char32_t c) {
    c = half_width(c);
    if (c < 0x80) {
        return c >= U'a' && c <= U'z' ? c - U'a' + U'A' : c;
    }
    const auto* const row = std::ranges::find(traditional_forms, c, &Folded::traditional);
    return row == traditional_forms.end() ? c : row->simplified;
}

std::u32string normalised(Text text) {
    std::u32string out;
    for (const auto c : text) {
        const auto folded = normalised(c);
        if (!is_one_of(folded, separators)) {
            out.push_back(folded);
        }
    }
    return out;
}

using Kind = Result<PlateKind, PlateNumberError>;

Kind refused(PlateDefect defect, std::size_t position) {
    return Failure{PlateNumberError{defect, position}};
}

/// The first character of text[from, to) that cannot stand in a serial.
std::optional<PlateNumberError> serial_defect(Text text, std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) {
        if (is_i_or_o(text[i])) {
            return PlateNumberError{PlateDefect::letter_i_or_o, i};
        }
        if (!is_serial_character(text[i])) {
            return PlateNumberError{is_han(text[i]) ? PlateDefect::suffix_unknown : PlateDefect::bad_character, i};
        }
    }
    return std::nullopt;
}

std::optional<PlateNumberError> length_defect(Text text, std::size_t least, std::size_t most) {
    if (text.size() < least) {
        return PlateNumberError{PlateDefect::too_short, text.size()};
    }
    if (text.size() > most) {
        return PlateNumberError{PlateDefect::too_long, most};
    }
    return std::nullopt;
}

/// A plate of GA 36 that ends in a character: `<head> <office> <serial> <suffix>`.
struct Suffix {
    char32_t last;
    PlateKind kind;
    std::size_t least;  ///< serial characters
    std::size_t most;
};
constexpr auto suffixes = std::to_array<Suffix>({
    {U'挂', PlateKind::trailer, 4, 4},
    {U'学', PlateKind::training, 4, 4},
    {U'警', PlateKind::police, 4, 4},
    {U'港', PlateKind::cross_border, 4, 4},
    {U'澳', PlateKind::cross_border, 4, 4},
    {U'领', PlateKind::consulate, 4, 4},
    {U'临', PlateKind::temporary, 4, 6},
});

constexpr std::size_t serial_at = 2;

/// `P X|S XXXX 应急`: fire and emergency services.
Kind emergency(Text text) {
    if (const auto defect = length_defect(text, 8, 8)) {
        return Failure{*defect};
    }
    if (!is_one_of(text[1], U"XS")) {
        return refused(PlateDefect::no_kind, 1);
    }
    if (const auto defect = serial_defect(text, serial_at, text.size() - 2)) {
        return Failure{*defect};
    }
    return PlateKind::emergency;
}

Kind with_suffix(Text text) {
    if (text.ends_with(U"应急")) {
        return emergency(text);
    }
    const auto* const row = std::ranges::find(suffixes, text.back(), &Suffix::last);
    if (row == suffixes.end()) {
        return refused(PlateDefect::suffix_unknown, text.size() - 1);
    }
    if (const auto defect = length_defect(text, serial_at + row->least + 1, serial_at + row->most + 1)) {
        return Failure{*defect};
    }
    if (const auto defect = serial_defect(text, serial_at, text.size() - 1)) {
        return Failure{*defect};
    }
    if (row->kind == PlateKind::cross_border && !text.starts_with(U"粤Z")) {
        return refused(PlateDefect::no_kind, 1);
    }
    if (row->kind == PlateKind::consulate && !all_digits(text.substr(serial_at, row->least))) {
        return refused(PlateDefect::no_kind, serial_at);
    }
    return row->kind;
}

/// Eight code points without suffix: new energy, or nothing.
Kind new_energy(Text text) {
    if (is_one_of(text[serial_at], energy_letters) && all_digits(text.substr(4))) {
        return PlateKind::new_energy_small;
    }
    if (all_digits(text.substr(serial_at, 5)) && is_one_of(text.back(), energy_letters)) {
        return PlateKind::new_energy_large;
    }
    return refused(PlateDefect::no_kind, text.size() - 1);
}

/// A text whose first character is a province: it fits a kind of GA 36 or is refused.
Kind provincial(Text text) {
    if (text.size() < serial_at) {
        return refused(PlateDefect::too_short, text.size());
    }
    if (!is_capital(text[1])) {
        return refused(PlateDefect::office_not_letter, 1);
    }
    const bool has_suffix = is_han(text.back());
    const bool may_be_provincial_office = !has_suffix && text.size() == 7;
    if (text[1] == U'I' || (text[1] == U'O' && !may_be_provincial_office)) {
        return refused(PlateDefect::letter_i_or_o, 1);
    }
    if (has_suffix) {
        return with_suffix(text);
    }
    if (const auto defect = length_defect(text, 7, 8)) {
        return Failure{*defect};
    }
    if (const auto defect = serial_defect(text, serial_at, text.size())) {
        return Failure{*defect};
    }
    if (text.size() == 8) {
        return new_energy(text);
    }
    if (std::ranges::none_of(text.substr(serial_at), is_digit)) {
        return refused(PlateDefect::no_digit, serial_at);
    }
    return PlateKind::ordinary;
}

/// `临 P L X{4,6}`: the mark stands in front on some years' paper.
Kind temporary_in_front(Text text) {
    if (text.size() < 2 || !is_province(text[1])) {
        return refused(PlateDefect::province_unknown, 1);
    }
    if (const auto defect = length_defect(text, 7, 9)) {
        return Failure{*defect};
    }
    if (!is_capital(text[2])) {
        return refused(PlateDefect::office_not_letter, 2);
    }
    if (const auto defect = serial_defect(text, 2, text.size())) {
        return Failure{*defect};
    }
    return PlateKind::temporary;
}

/// `WJ P? NNNN [NTDSHBXJ or a digit]`.
Kind armed_police(Text text) {
    const std::size_t digits_at = is_province(text[2]) ? 3 : 2;
    if (const auto defect = length_defect(text, digits_at + 5, digits_at + 5)) {
        return Failure{*defect};
    }
    for (auto i = digits_at; i < digits_at + 4; ++i) {
        if (!is_digit(text[i])) {
            return refused(is_i_or_o(text[i]) ? PlateDefect::letter_i_or_o : PlateDefect::no_kind, i);
        }
    }
    if (!is_digit(text.back()) && !is_one_of(text.back(), armed_police_services)) {
        return refused(PlateDefect::no_kind, text.size() - 1);
    }
    return PlateKind::armed_police;
}

/// `D12345`, `D12345F`: an ordinary or large new energy plate whose province was not read. (Seven characters that
/// begin with two letters are foreign or military as often, so they are not counted here.)
bool lacks_province(Text text) {
    if (!is_capital(text[0]) || text[0] == U'I') {
        return false;
    }
    const auto serial = text.substr(1);
    if (text.size() == 6) {
        return std::ranges::all_of(serial, is_serial_character) && std::ranges::any_of(serial, is_digit);
    }
    return text.size() == 7 && all_digits(serial.substr(0, 5)) && is_one_of(text.back(), energy_letters);
}

/// Latin letters and digits only: military, a Chinese plate without its province, or foreign.
Kind latin(Text text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_capital(text[i]) && !is_digit(text[i])) {
            return refused(PlateDefect::bad_character, i);
        }
    }
    if (lacks_province(text)) {
        return refused(PlateDefect::province_missing, 0);
    }
    if (const auto defect = length_defect(text, foreign_least, foreign_most)) {
        return Failure{*defect};
    }
    if (text.size() == 7 && is_capital(text[0]) && is_capital(text[1]) && all_digits(text.substr(2))) {
        return PlateKind::military;
    }
    return PlateKind::opaque;
}

Kind embassy(Text digits) {
    if (digits.size() == 6 && all_digits(digits)) {
        return PlateKind::embassy;
    }
    return refused(PlateDefect::no_kind, 0);
}

Kind kind_of(Text text) {
    if (text.empty()) {
        return refused(PlateDefect::empty, 0);
    }
    if (is_province(text[0])) {
        return provincial(text);
    }
    if (text[0] == U'临') {
        return temporary_in_front(text);
    }
    if (text[0] == U'使') {
        return embassy(text.substr(1));
    }
    if (is_han(text[0])) {
        return refused(PlateDefect::province_unknown, 0);
    }
    if (text.starts_with(U"WJ") && text.size() > 2 && (is_digit(text[2]) || is_province(text[2]))) {
        return armed_police(text);
    }
    if (is_digit(text[0]) && text.back() == U'使') {
        return embassy(text.substr(0, text.size() - 1));
    }
    if (is_capital(text[0]) && is_han(text.back())) {
        return refused(PlateDefect::province_missing, 0);
    }
    return latin(text);
}

}  // namespace

Result<PlateNumber, PlateNumberError> PlateNumber::parse(std::string_view text) {
    const auto decoded = code_points(text);
    if (!decoded) {
        return Failure{PlateNumberError{PlateDefect::not_utf8, 0}};
    }
    return of_normalised(normalised(*decoded));
}

Result<PlateNumber, PlateNumberError> PlateNumber::of_normalised(std::u32string_view text) {
    const auto kind = kind_of(text);
    if (!kind) {
        return Failure{kind.error()};
    }
    return PlateNumber{to_utf8(text), *kind};
}

std::string normalised_plate_text(std::string_view text) {
    const auto decoded = code_points(text);
    return decoded ? to_utf8(normalised(*decoded)) : std::string{text};
}

}  // namespace portcullis
