#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/device_plan.hpp"
#include "drivers/register_block.hpp"
#include "drivers/registers/register_value.hpp"
#include "drivers/text_decoder.hpp"

namespace portcullis::drivers {

/// A reader that keeps its last text in registers: sequence and text are read in one request.
struct ModbusReaderSettings : RegisterBlock {
    std::uint16_t sequence_at = 0;
    std::uint16_t text_at = 0;
    std::uint16_t text_registers = 0;
    std::optional<std::uint16_t> length_at;  ///< bytes of text; without it the text ends at its first NUL
    std::optional<std::uint16_t> confidence_at;
    double confidence_scale = 100;
    std::optional<std::uint16_t> acknowledge;  ///< register that is given the sequence back
    ByteOrder byte_order = ByteOrder::high_first;
    Encoding encoding = Encoding::utf8;
    ReadingKind kind = ReadingKind::container;
    Face face = Face::not_applicable;
};

/// `unit`, `poll`, `timeout`, `stale_after` and `face` are the device's; everything else is the profile's.
[[nodiscard]] ModbusReaderSettings read_modbus_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                                               ConfigProblems& problems);

/// What a sequence register says when it is compared with the one before it.
enum class SequenceStep : std::uint8_t { same, next, restarted };
[[nodiscard]] SequenceStep step_of(std::uint16_t before, std::uint16_t now);

/// The reading in these registers, or the kind of bad frame that they are. Pure but for the decoder.
[[nodiscard]] std::variant<Reading, std::string_view> reading_in(const ModbusReaderSettings& settings,
                                                                 std::span<const std::uint16_t> registers,
                                                                 TextDecoder& decoder);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_modbus_reader(const ConfigNode& options, const ConfigNode& profile,
                                                             ConfigProblems& problems);

}  // namespace portcullis::drivers
