#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"

namespace portcullis::drivers {

/// How a device lets its frames be checked. Two of one name do not exist: an LRC is `exclusive_or` (ISO 1155) or
/// `twos_complement` (Modbus ASCII).
enum class CheckKind : std::uint8_t {
    exclusive_or,
    sum,                ///< low 8 bits
    twos_complement,    ///< of the 8 bit sum
    twos_complement_7,  ///< of the sum, over 7 bits: weighing indicators of Mettler-Toledo
    crc16_modbus,       ///< 0xA001, from FFFF
    crc16_mcrf4xx,      ///< 0x8408, from FFFF: UHF readers
    crc16_x25,          ///< 0x8408, from FFFF, inverted at the end
    crc16_ccitt,        ///< 0x1021, from FFFF
    crc16_xmodem,       ///< 0x1021, from 0
};

/// `ascii_hex`: each byte as two hex digits. Digits A to F are taken as 41–46, 61–66 and 3A–3F, which some write.
enum class CheckCoding : std::uint8_t { binary, ascii_hex };

enum class FieldOrder : std::uint8_t { high_first, low_first };

/// Where the check stands: before the frame's end mark, or after it.
enum class CheckPlace : std::uint8_t { before_end, after_end };

struct CheckSettings {
    CheckKind kind = CheckKind::exclusive_or;
    CheckCoding coding = CheckCoding::binary;
    FieldOrder order = FieldOrder::high_first;  ///< of the two bytes of a CRC
    CheckPlace place = CheckPlace::before_end;
    std::size_t from = 0;  ///< the first byte of the frame that is counted; the last is the one before the check
    friend bool operator==(const CheckSettings&, const CheckSettings&) = default;
};

/// The check of `covered`.
[[nodiscard]] std::uint16_t check_of(CheckKind kind, std::span<const std::uint8_t> covered);

/// Bytes that the check takes on the wire.
[[nodiscard]] std::size_t check_width(const CheckSettings& check);

/// The check of `covered` as it stands on the wire.
[[nodiscard]] std::vector<std::uint8_t> check_bytes(const CheckSettings& check, std::span<const std::uint8_t> covered);

/// Whether `given`, of `check_width` bytes, is the check of `covered`.
[[nodiscard]] bool check_holds(const CheckSettings& check, std::span<const std::uint8_t> covered,
                               std::span<const std::uint8_t> given);

/// A profile's `check:`.
[[nodiscard]] CheckSettings read_check(const ConfigNode& node, ConfigProblems& problems);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::CheckKind> = std::to_array<EnumText<drivers::CheckKind>>({
    {drivers::CheckKind::exclusive_or, "xor"},
    {drivers::CheckKind::sum, "sum"},
    {drivers::CheckKind::twos_complement, "twos_complement"},
    {drivers::CheckKind::twos_complement_7, "twos_complement_7"},
    {drivers::CheckKind::crc16_modbus, "crc16_modbus"},
    {drivers::CheckKind::crc16_mcrf4xx, "crc16_mcrf4xx"},
    {drivers::CheckKind::crc16_x25, "crc16_x25"},
    {drivers::CheckKind::crc16_ccitt, "crc16_ccitt"},
    {drivers::CheckKind::crc16_xmodem, "crc16_xmodem"},
});
template <>
inline constexpr auto enum_texts<drivers::CheckCoding> = std::to_array<EnumText<drivers::CheckCoding>>({
    {drivers::CheckCoding::binary, "binary"},
    {drivers::CheckCoding::ascii_hex, "ascii_hex"},
});
template <>
inline constexpr auto enum_texts<drivers::FieldOrder> = std::to_array<EnumText<drivers::FieldOrder>>({
    {drivers::FieldOrder::high_first, "high_first"},
    {drivers::FieldOrder::low_first, "low_first"},
});
template <>
inline constexpr auto enum_texts<drivers::CheckPlace> = std::to_array<EnumText<drivers::CheckPlace>>({
    {drivers::CheckPlace::before_end, "before_end"},
    {drivers::CheckPlace::after_end, "after_end"},
});

}  // namespace portcullis
