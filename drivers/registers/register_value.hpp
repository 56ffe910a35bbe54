#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/result.hpp"

/// Values in Modbus registers: pure. Only whole numbers leave: what a device says as a float or in another unit is
/// scaled by whole numbers and rounded to the nearest, halves away from zero.
namespace portcullis::drivers {

/// Which byte of a register comes first: in a text the first of two characters, in a number the higher one.
enum class ByteOrder : std::uint8_t { high_first, low_first };

/// In which order the registers of a number come, where A is the highest: `high_first` = A B C D, `low_first` =
/// D C B A. Only of four registers: `low_pair_first` = C D A B, `swapped_pairs` = B A D C.
enum class WordOrder : std::uint8_t { high_first, low_first, low_pair_first, swapped_pairs };

/// How the bits of a number are meant. `bcd`: four decimal digits a register.
enum class NumberType : std::uint8_t { uint16, int16, uint32, int32, uint64, int64, float32, float64, bcd };

/// Where a number lies among the registers of one answer, and what it means: (raw × multiply ÷ divide) + add.
struct NumberField {
    std::uint16_t at = 0;  ///< first register
    NumberType type = NumberType::uint16;
    std::uint16_t registers = 1;  ///< how many; of `bcd` 1 to 4, else what its type has
    WordOrder words = WordOrder::high_first;
    ByteOrder bytes = ByteOrder::high_first;
    std::uint8_t first_bit = 0;  ///< of a bit field, counted from the lowest bit of the number put in order
    std::uint8_t bits = 0;       ///< 0 = no bit field but the whole number
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
    std::int64_t add = 0;
    std::optional<std::int64_t> least = {};  ///< of the value that leaves
    std::optional<std::int64_t> most = {};
    std::vector<std::int64_t> absent = {};  ///< raw whole numbers by which the device says "no value"
};

/// Why registers hold no value: a word of device.bad_frame. `absent` is the device's own word and no bad frame.
namespace no_value {
inline constexpr std::string_view absent = "absent";
inline constexpr std::string_view not_a_number = "not_a_number";  ///< NaN or infinite
inline constexpr std::string_view range = "range";                ///< beyond least, most, or 64 bits
inline constexpr std::string_view digits = "digits";              ///< a digit of a BCD number above 9
inline constexpr std::string_view text = "text";                  ///< a byte that is no printable ASCII
inline constexpr std::string_view count = "count";                ///< the answer has not so many registers
}  // namespace no_value

/// The number in the registers of an answer, or why there is none.
[[nodiscard]] Result<std::int64_t, std::string_view> number_in(const NumberField& field,
                                                               std::span<const std::uint16_t> registers);

/// Where a text lies.
struct TextField {
    std::uint16_t at = 0;
    std::uint16_t registers = 1;
    ByteOrder bytes = ByteOrder::high_first;
};

/// The bytes of registers, two each.
[[nodiscard]] std::vector<std::uint8_t> register_bytes(std::span<const std::uint16_t> registers, ByteOrder order);

/// ASCII text up to its first NUL, spaces at its end left out; what follows the NUL is not looked at. A text of another
/// encoding is `register_bytes` and a TextDecoder.
[[nodiscard]] Result<std::string, std::string_view> text_in(const TextField& field,
                                                            std::span<const std::uint16_t> registers);

/// `{ at: 2, type: int32, word_order: low_first, byte_order: high_first, multiply: 1, divide: 10, add: 0, bit: 3,
/// bits: 4, least: 0, most: 60000, absent: [2147483647] }` of a profile: only `at` must be there; `registers` is for
/// `bcd` only. `count` = registers of the answer. All its keys are read, and a field that does not fit is a problem.
[[nodiscard]] NumberField read_number_field(const ConfigNode& node, std::uint16_t count, ConfigProblems& problems);

/// `{ at: 3, registers: 8, byte_order: high_first }`
[[nodiscard]] TextField read_text_field(const ConfigNode& node, std::uint16_t count, ConfigProblems& problems);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::ByteOrder> = std::to_array<EnumText<drivers::ByteOrder>>({
    {drivers::ByteOrder::high_first, "high_first"},
    {drivers::ByteOrder::low_first, "low_first"},
});
template <>
inline constexpr auto enum_texts<drivers::WordOrder> = std::to_array<EnumText<drivers::WordOrder>>({
    {drivers::WordOrder::high_first, "high_first"},
    {drivers::WordOrder::low_first, "low_first"},
    {drivers::WordOrder::low_pair_first, "low_pair_first"},
    {drivers::WordOrder::swapped_pairs, "swapped_pairs"},
});
template <>
inline constexpr auto enum_texts<drivers::NumberType> = std::to_array<EnumText<drivers::NumberType>>({
    {drivers::NumberType::uint16, "uint16"},
    {drivers::NumberType::int16, "int16"},
    {drivers::NumberType::uint32, "uint32"},
    {drivers::NumberType::int32, "int32"},
    {drivers::NumberType::uint64, "uint64"},
    {drivers::NumberType::int64, "int64"},
    {drivers::NumberType::float32, "float32"},
    {drivers::NumberType::float64, "float64"},
    {drivers::NumberType::bcd, "bcd"},
});

}  // namespace portcullis
