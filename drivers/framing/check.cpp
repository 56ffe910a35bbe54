#include "drivers/framing/check.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>

namespace portcullis::drivers {

namespace {

constexpr unsigned byte_bits = 8;
constexpr unsigned word_mask = 0xFFFFU;

unsigned sum_of(std::span<const std::uint8_t> covered) {
    return std::accumulate(covered.begin(), covered.end(), 0U);
}

/// A CRC that shifts to the right, low bit first.
unsigned reflected_crc(std::span<const std::uint8_t> covered, unsigned polynomial) {
    unsigned crc = word_mask;
    for (const auto byte : covered) {
        crc ^= byte;
        for (unsigned bit = 0; bit < byte_bits; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ polynomial : crc >> 1U;
        }
    }
    return crc;
}

/// A CRC of 0x1021 that shifts to the left.
unsigned straight_crc(std::span<const std::uint8_t> covered, unsigned from) {
    constexpr unsigned polynomial = 0x1021;
    constexpr unsigned top = 0x8000;
    unsigned crc = from;
    for (const auto byte : covered) {
        crc ^= static_cast<unsigned>(byte) << byte_bits;
        for (unsigned bit = 0; bit < byte_bits; ++bit) {
            crc = ((crc & top) != 0 ? (crc << 1U) ^ polynomial : crc << 1U) & word_mask;
        }
    }
    return crc;
}

std::size_t plain_width(CheckKind kind) {
    switch (kind) {
        case CheckKind::exclusive_or:
        case CheckKind::sum:
        case CheckKind::twos_complement:
        case CheckKind::twos_complement_7:
            return 1;
        case CheckKind::crc16_modbus:
        case CheckKind::crc16_mcrf4xx:
        case CheckKind::crc16_x25:
        case CheckKind::crc16_ccitt:
        case CheckKind::crc16_xmodem:
            return 2;
    }
    return 1;
}

/// A hex digit's value; nothing for any other byte.
std::optional<unsigned> nibble_of(std::uint8_t digit) {
    if (digit >= '0' && digit <= 0x3F) {  // 3A to 3F: A to F of those who only add 30
        return digit - '0';
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10U;
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10U;
    }
    return std::nullopt;
}

std::vector<std::uint8_t> in_order(const CheckSettings& check, unsigned value) {
    constexpr unsigned low = 0xFF;
    if (plain_width(check.kind) == 1) {
        return {static_cast<std::uint8_t>(value & low)};
    }
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(value >> byte_bits),
                                    static_cast<std::uint8_t>(value & low)};
    if (check.order == FieldOrder::low_first) {
        std::reverse(bytes.begin(), bytes.end());
    }
    return bytes;
}

/// What stands on the wire as bytes; nothing when a digit is none.
std::optional<std::vector<std::uint8_t>> decoded(CheckCoding coding, std::span<const std::uint8_t> given) {
    if (coding == CheckCoding::binary) {
        return std::vector<std::uint8_t>(given.begin(), given.end());
    }
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < given.size(); i += 2) {
        const auto high = nibble_of(given[i]);
        const auto low = nibble_of(given[i + 1]);
        if (!high || !low) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(*high << 4U | *low));
    }
    return bytes;
}

}  // namespace

std::uint16_t check_of(CheckKind kind, std::span<const std::uint8_t> covered) {
    constexpr unsigned eight_bits = 0xFF;
    constexpr unsigned seven_bits = 0x7F;
    unsigned value = 0;
    switch (kind) {
        case CheckKind::exclusive_or:
            value = std::accumulate(covered.begin(), covered.end(), 0U, std::bit_xor{});
            break;
        case CheckKind::sum:
            value = sum_of(covered) & eight_bits;
            break;
        case CheckKind::twos_complement:
            value = (0U - sum_of(covered)) & eight_bits;
            break;
        case CheckKind::twos_complement_7:
            value = (0U - sum_of(covered)) & seven_bits;
            break;
        case CheckKind::crc16_modbus:
            value = reflected_crc(covered, 0xA001);
            break;
        case CheckKind::crc16_mcrf4xx:
            value = reflected_crc(covered, 0x8408);
            break;
        case CheckKind::crc16_x25:
            value = reflected_crc(covered, 0x8408) ^ word_mask;
            break;
        case CheckKind::crc16_ccitt:
            value = straight_crc(covered, word_mask);
            break;
        case CheckKind::crc16_xmodem:
            value = straight_crc(covered, 0);
            break;
    }
    return static_cast<std::uint16_t>(value);
}

std::size_t check_width(const CheckSettings& check) {
    return plain_width(check.kind) * (check.coding == CheckCoding::ascii_hex ? 2 : 1);
}

std::vector<std::uint8_t> check_bytes(const CheckSettings& check, std::span<const std::uint8_t> covered) {
    auto plain = in_order(check, check_of(check.kind, covered));
    if (check.coding == CheckCoding::binary) {
        return plain;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::vector<std::uint8_t> bytes;
    for (const auto byte : plain) {
        bytes.push_back(static_cast<std::uint8_t>(digits[byte >> 4U]));
        bytes.push_back(static_cast<std::uint8_t>(digits[byte & 0xFU]));
    }
    return bytes;
}

bool check_holds(const CheckSettings& check, std::span<const std::uint8_t> covered,
                 std::span<const std::uint8_t> given) {
    const auto plain = decoded(check.coding, given);
    return plain && *plain == in_order(check, check_of(check.kind, covered));
}

CheckSettings read_check(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::int64_t longest_head = 64;
    CheckSettings check;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return check;
    }
    if (const auto* kind = node.require("kind", problems)) {
        check.kind = kind->word<CheckKind>(problems).value_or(check.kind);
    }
    if (const auto* coding = node.find("coding")) {
        check.coding = coding->word<CheckCoding>(problems).value_or(check.coding);
    }
    const auto* order = node.find("order");
    if (order != nullptr) {
        check.order = order->word<FieldOrder>(problems).value_or(check.order);
    }
    if (plain_width(check.kind) == 2 && order == nullptr) {
        node.report(problems, "a CRC has two bytes", "write `order: low_first` or `order: high_first`");
    }
    if (const auto* place = node.find("place")) {
        check.place = place->word<CheckPlace>(problems).value_or(check.place);
    }
    if (const auto* from = node.find("from")) {
        check.from = static_cast<std::size_t>(from->integer(problems, 0, longest_head));
    }
    return check;
}

}  // namespace portcullis::drivers
