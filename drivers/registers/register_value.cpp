#include "drivers/registers/register_value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace portcullis::drivers {

namespace {

using Number = Result<std::int64_t, std::string_view>;

std::uint16_t in_order(std::uint16_t word, ByteOrder order) {
    return order == ByteOrder::high_first ? word : static_cast<std::uint16_t>(word << 8U | word >> 8U);
}

/// Which register of `count` is the `nth` from the highest.
std::size_t place_of(std::size_t nth, std::size_t count, WordOrder order) {
    switch (order) {
        case WordOrder::high_first:
            break;
        case WordOrder::low_first:
            return count - 1 - nth;
        case WordOrder::low_pair_first:
            return (nth + count / 2) % count;
        case WordOrder::swapped_pairs:
            return nth ^ 1U;
    }
    return nth;
}

std::uint64_t raw_of(const NumberField& field, std::span<const std::uint16_t> registers) {
    std::uint64_t raw = 0;
    for (std::size_t nth = 0; nth < field.registers; ++nth) {
        raw = raw << 16U | in_order(registers[field.at + place_of(nth, field.registers, field.words)], field.bytes);
    }
    return raw;
}

Number decimal_of(std::uint64_t raw, std::uint16_t registers) {
    constexpr unsigned digits_of_a_register = 4;
    std::int64_t value = 0;
    for (unsigned left = registers * digits_of_a_register; left > 0; --left) {
        const auto digit = static_cast<std::int64_t>(raw >> (left - 1) * 4U & 0xFU);
        if (digit > 9) {
            return Failure{no_value::digits};
        }
        value = value * 10 + digit;
    }
    return value;
}

std::int64_t signed_of(std::uint64_t raw, unsigned bits) {
    const auto sign = std::uint64_t{1} << (bits - 1);
    return static_cast<std::int64_t>((raw ^ sign) - sign);
}

Number whole(std::uint64_t raw) {
    if (raw > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return Failure{no_value::range};
    }
    return static_cast<std::int64_t>(raw);
}

/// The whole number that the bits mean, before scaling.
Number raw_number(const NumberField& field, std::uint64_t raw) {
    if (field.bits > 0) {
        return whole(raw >> field.first_bit & ((std::uint64_t{1} << field.bits) - 1));
    }
    switch (field.type) {
        case NumberType::int16:
            return signed_of(raw, 16);
        case NumberType::int32:
            return signed_of(raw, 32);
        case NumberType::int64:
            return static_cast<std::int64_t>(raw);
        case NumberType::bcd:
            return decimal_of(raw, field.registers);
        case NumberType::uint16:
        case NumberType::uint32:
        case NumberType::uint64:
        case NumberType::float32:
        case NumberType::float64:
            break;
    }
    return whole(raw);
}

/// Nearest, halves away from zero.
std::int64_t divided(std::int64_t value, std::int64_t by) {
    const auto quotient = value / by;
    const auto rest = value % by;
    const auto magnitude = rest < 0 ? -rest : rest;
    const auto up = magnitude >= by - magnitude ? 1 : 0;
    return value < 0 ? quotient - up : quotient + up;
}

Number within(const NumberField& field, std::int64_t value) {
    std::int64_t sum = 0;
    const bool over = __builtin_add_overflow(value, field.add, &sum);
    if (over || (field.least && sum < *field.least) || (field.most && sum > *field.most)) {
        return Failure{no_value::range};
    }
    return sum;
}

Number scaled(const NumberField& field, std::int64_t raw) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(raw, field.multiply, &product)) {
        return Failure{no_value::range};
    }
    return within(field, divided(product, field.divide));
}

/// A float of 32 bits times a whole number below 2^29 is exact in a double: it is rounded once, here.
Number scaled(const NumberField& field, double raw) {
    constexpr double beyond = 9.2e18;
    if (!std::isfinite(raw)) {
        return Failure{no_value::not_a_number};
    }
    const double value = std::round(raw * static_cast<double>(field.multiply) / static_cast<double>(field.divide));
    if (std::abs(value) >= beyond) {
        return Failure{no_value::range};
    }
    return within(field, static_cast<std::int64_t>(value));
}

}  // namespace

Number number_in(const NumberField& field, std::span<const std::uint16_t> registers) {
    if (std::size_t{field.at} + field.registers > registers.size()) {
        return Failure{no_value::count};
    }
    const auto raw = raw_of(field, registers);
    if (field.bits == 0 && field.type == NumberType::float32) {
        return scaled(field, double{std::bit_cast<float>(static_cast<std::uint32_t>(raw))});
    }
    if (field.bits == 0 && field.type == NumberType::float64) {
        return scaled(field, std::bit_cast<double>(raw));
    }
    const auto number = raw_number(field, raw);
    if (number && std::find(field.absent.begin(), field.absent.end(), *number) != field.absent.end()) {
        return Failure{no_value::absent};
    }
    return number ? scaled(field, *number) : number;
}

std::vector<std::uint8_t> register_bytes(std::span<const std::uint16_t> registers, ByteOrder order) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(registers.size() * 2);
    for (const auto word : registers) {
        const auto put = in_order(word, order);
        bytes.push_back(static_cast<std::uint8_t>(put >> 8U));
        bytes.push_back(static_cast<std::uint8_t>(put & 0xFFU));
    }
    return bytes;
}

Result<std::string, std::string_view> text_in(const TextField& field, std::span<const std::uint16_t> registers) {
    constexpr std::uint8_t first_printable = 0x20;
    constexpr std::uint8_t last_printable = 0x7E;
    if (std::size_t{field.at} + field.registers > registers.size()) {
        return Failure{no_value::count};
    }
    std::string text;
    for (const auto byte : register_bytes(registers.subspan(field.at, field.registers), field.bytes)) {
        if (byte == 0) {
            break;
        }
        if (byte < first_printable || byte > last_printable) {
            return Failure{no_value::text};
        }
        text.push_back(static_cast<char>(byte));
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace portcullis::drivers
