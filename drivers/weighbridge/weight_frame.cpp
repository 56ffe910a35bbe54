#include "drivers/weighbridge/weight_frame.hpp"

#include <optional>

namespace portcullis::drivers {

namespace {

using Bytes = std::span<const std::uint8_t>;
using Read = Result<WeightFrame, std::string_view>;
using Mass = Result<std::int64_t, std::string_view>;

constexpr int kilogram = 0;  // powers of ten of a kilogram
constexpr int tonne = 3;
constexpr int gram = -3;

Read said(WeightState state, std::optional<std::int64_t> kg = std::nullopt, std::string fault = {}) {
    return WeightFrame{{state, kg}, std::move(fault)};
}

/// `number` × 10^`power` kilograms, if they are whole ones.
Mass whole_kilograms(std::int64_t number, int power) {
    constexpr int ten = 10;
    for (; power > 0; --power) {
        number *= ten;
    }
    for (; power < 0; ++power) {
        if (number % ten != 0) {
            return Failure{std::string_view{"fraction"}};
        }
        number /= ten;
    }
    return number;
}

/// Digits, with spaces only before them.
std::optional<std::int64_t> digits_in(Bytes field) {
    constexpr int ten = 10;
    std::int64_t number = 0;
    bool begun = false;
    for (const auto byte : field) {
        if (byte == ' ' && !begun) {
            continue;
        }
        if (byte < '0' || byte > '9') {
            return std::nullopt;
        }
        begun = true;
        number = number * ten + (byte - '0');
    }
    return begun ? std::optional{number} : std::nullopt;
}

bool bit(std::uint8_t byte, unsigned number) {
    return ((byte >> number) & 1U) != 0;
}

// ---- toledo: SWA SWB SWC, weight and, in the long form, tare

constexpr std::size_t toledo_weight_at = 3;
constexpr std::size_t toledo_digits = 6;

/// Bit 5 of every status byte is 1; of two of them bit 6 is 0, of no one bit 7 is 1.
bool is_toledo_status(Bytes content) {
    constexpr unsigned always = 5;
    constexpr unsigned never = 6;
    constexpr unsigned parity = 7;
    constexpr unsigned increment = 0x18;
    for (std::size_t i = 0; i < toledo_weight_at; ++i) {
        if (!bit(content[i], always) || bit(content[i], parity)) {
            return false;
        }
    }
    return !bit(content[0], never) && !bit(content[2], never) && (content[0] & increment) != 0;
}

/// The unit as a power of ten of a kilogram.
std::optional<int> toledo_unit(std::uint8_t swb, std::uint8_t swc) {
    constexpr unsigned is_kilogram = 4;
    constexpr std::uint8_t unit_bits = 0x07;
    switch (swc & unit_bits) {
        case 0:
            return bit(swb, is_kilogram) ? std::optional{kilogram} : std::nullopt;
        case 1:
            return gram;
        case 2:
            return tonne;
        default:
            return std::nullopt;
    }
}

Read read_toledo(Bytes content) {
    constexpr std::size_t short_form = toledo_weight_at + toledo_digits;
    constexpr std::size_t long_form = short_form + toledo_digits;
    constexpr std::uint8_t point_bits = 0x07;
    constexpr int no_point = 2;
    constexpr unsigned net = 0;
    constexpr unsigned negative = 1;
    constexpr unsigned out_of_range = 2;
    constexpr unsigned motion = 3;
    constexpr unsigned not_zeroed = 6;
    constexpr unsigned expanded = 4;
    if (content.size() != short_form && content.size() != long_form) {
        return Failure{std::string_view{"length"}};
    }
    if (!is_toledo_status(content)) {
        return Failure{std::string_view{"status"}};
    }
    const auto swb = content[1];
    const auto swc = content[2];
    const auto number = digits_in(content.subspan(toledo_weight_at, toledo_digits));
    if (!number) {
        return Failure{std::string_view{"digits"}};
    }
    const auto unit = toledo_unit(swb, swc);
    if (!unit) {
        return Failure{std::string_view{"unit"}};
    }
    if (bit(swb, not_zeroed)) {
        return said(WeightState::fault, std::nullopt, "not zeroed since its power came");
    }
    if (bit(swb, net)) {
        return said(WeightState::absent, std::nullopt, "it shows the net weight");
    }
    if (bit(swb, out_of_range)) {
        return said(bit(swb, negative) ? WeightState::under : WeightState::over);
    }
    const int point = no_point - (content[0] & point_bits);
    const auto kg =
        whole_kilograms(bit(swb, negative) ? -*number : *number, *unit + point - (bit(swc, expanded) ? 1 : 0));
    if (!kg) {
        return Failure{kg.error()};
    }
    return said(bit(swb, motion) ? WeightState::moving : WeightState::stable, *kg);
}

// ---- MT-SICS: `S S      40120 kg`

/// A number of ten characters, right aligned: ` -1234.50`.
Mass sics_mass(std::string_view field, int unit) {
    const auto begin = field.find_first_not_of(' ');
    auto text = begin == std::string_view::npos ? std::string_view{} : field.substr(begin);
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    std::string digits;
    int power = unit;
    bool point = false;
    for (const char letter : text) {
        if (letter == '.' && !point && !digits.empty()) {
            point = true;
            continue;
        }
        if (letter < '0' || letter > '9') {
            return Failure{std::string_view{"digits"}};
        }
        digits += letter;
        power -= point ? 1 : 0;
    }
    if (digits.empty() || text.ends_with('.')) {
        return Failure{std::string_view{"digits"}};
    }
    const auto number = digits_in(Bytes{reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size()});
    return whole_kilograms(negative ? -*number : *number, power);
}

std::optional<int> sics_unit(std::string_view word) {
    if (word == "kg") {
        return kilogram;
    }
    if (word == "t") {
        return tonne;
    }
    return word == "g" ? std::optional{gram} : std::nullopt;
}

Read read_sics(Bytes content) {
    constexpr std::size_t mass_at = 4;
    constexpr std::size_t mass_width = 10;
    const std::string text{content.begin(), content.end()};
    if (text == "ES" || text == "ET" || text == "EL") {
        return Failure{std::string_view{"reply"}};
    }
    if (text == "S I") {
        return said(WeightState::absent);  // it cannot say one now
    }
    if (text == "S +") {
        return said(WeightState::over);
    }
    if (text == "S -") {
        return said(WeightState::under);
    }
    const bool stable = text.starts_with("S S ");
    if (!stable && !text.starts_with("S D ")) {
        return Failure{std::string_view{"status"}};
    }
    if (text.size() <= mass_at + mass_width || text[mass_at + mass_width] != ' ') {
        return Failure{std::string_view{"length"}};
    }
    const auto unit = sics_unit(std::string_view{text}.substr(mass_at + mass_width + 1));
    if (!unit) {
        return Failure{std::string_view{"unit"}};
    }
    const auto kg = sics_mass(std::string_view{text}.substr(mass_at, mass_width), *unit);
    if (!kg) {
        return Failure{kg.error()};
    }
    return said(stable ? WeightState::stable : WeightState::moving, *kg);
}

// ---- XK3190: sign, six digits, how many of them stand behind the point

Read read_yaohua(MassUnit unit, Bytes content) {
    constexpr std::size_t length = 8;
    constexpr std::uint8_t most_decimals = '4';
    if (content.size() != length) {
        return Failure{std::string_view{"length"}};
    }
    const auto sign = content.front();
    const auto decimals = content.back();
    if ((sign != '+' && sign != '-') || decimals < '0' || decimals > most_decimals) {
        return Failure{std::string_view{"status"}};
    }
    const auto field = content.subspan(1, length - 2);
    const auto number = field.front() == ' ' ? std::nullopt : digits_in(field);
    if (!number) {
        return Failure{std::string_view{"digits"}};
    }
    const auto kg = whole_kilograms(sign == '-' ? -*number : *number,
                                    (unit == MassUnit::tonne ? tonne : kilogram) - (decimals - '0'));
    if (!kg) {
        return Failure{kg.error()};
    }
    return said(WeightState::stable, *kg);
}

}  // namespace

Read read_weight_frame(WeightProtocol protocol, MassUnit unit, Bytes content) {
    switch (protocol) {
        case WeightProtocol::toledo:
            return read_toledo(content);
        case WeightProtocol::sics:
            return read_sics(content);
        case WeightProtocol::yaohua:
            return read_yaohua(unit, content);
    }
    return Failure{std::string_view{"status"}};
}

}  // namespace portcullis::drivers
