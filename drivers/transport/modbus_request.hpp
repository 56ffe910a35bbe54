#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Modbus questions and the bodies of their answers (PDU: function and data), the same on every transport: pure.
/// libmodbus compares neither the echo of a write nor much else; so every answer is checked here.
namespace portcullis::drivers {

enum class ModbusFunction : std::uint8_t {
    raw = 0,  ///< bytes as they stand, whose answer is the same bytes
    read_coils = 1,
    read_discrete_inputs = 2,
    read_holding_registers = 3,
    read_input_registers = 4,
    write_coil = 5,
    write_register = 6,
    write_coils = 15,
    write_registers = 16,
    mask_register = 22,
    read_write_registers = 23,
};

/// One question. Addresses count from 0, as on the wire. The functions below make those that are more than a read.
struct ModbusRequest {
    std::uint8_t unit = 1;
    ModbusFunction function = ModbusFunction::read_coils;
    std::uint16_t address = 0;
    std::uint16_t operand = 0;               ///< how many to read, the value to write, the AND mask of `mask_register`
    std::uint16_t write_address = 0;         ///< of `read_write_registers`
    std::vector<std::uint16_t> values = {};  ///< to write, a coil each 0 or 1; the OR mask of `mask_register`
    std::vector<std::uint8_t> raw = {};      ///< of `raw`: function and data

    friend bool operator==(const ModbusRequest&, const ModbusRequest&) = default;
};

[[nodiscard]] inline ModbusRequest write_coil(std::uint8_t unit, std::uint16_t address, bool on) {
    return {.unit = unit,
            .function = ModbusFunction::write_coil,
            .address = address,
            .operand = static_cast<std::uint16_t>(on ? 0xFF00 : 0)};
}
[[nodiscard]] ModbusRequest write_register(std::uint8_t unit, std::uint16_t address, std::uint16_t value);
[[nodiscard]] ModbusRequest write_coils(std::uint8_t unit, std::uint16_t address, const std::vector<bool>& on);
[[nodiscard]] ModbusRequest write_registers(std::uint8_t unit, std::uint16_t address,
                                            std::vector<std::uint16_t> values);
/// New value = (old AND `and_mask`) OR (`or_mask` AND NOT `and_mask`), made by the device in one step.
[[nodiscard]] ModbusRequest mask_register(std::uint8_t unit, std::uint16_t address, std::uint16_t and_mask,
                                          std::uint16_t or_mask);
/// Writes first, then reads `count` registers from `read_address`, in one step.
[[nodiscard]] ModbusRequest read_write_registers(std::uint8_t unit, std::uint16_t read_address, std::uint16_t count,
                                                 std::uint16_t write_address, std::vector<std::uint16_t> values);
/// A question that no function above makes (a coil that the device switches back by itself: function 5 with a time as
/// its value). The device gives the same bytes back; anything else is refused.
[[nodiscard]] ModbusRequest raw_request(std::uint8_t unit, std::vector<std::uint8_t> function_and_data);

/// Most that one question may read or write, by the Modbus specification. A profile may know less.
inline constexpr std::uint16_t most_bits_read = 2000;
inline constexpr std::uint16_t most_registers_read = 125;
inline constexpr std::uint16_t most_coils_written = 1968;
inline constexpr std::uint16_t most_registers_written = 123;
inline constexpr std::uint16_t most_registers_written_and_read = 121;  ///< the written ones of function 23
inline constexpr std::size_t longest_pdu = 253;

/// Why this question cannot be asked (counts, the end of the addresses, an empty write), or nothing.
[[nodiscard]] std::optional<std::string> not_askable(const ModbusRequest& request);

/// Function and data as they go over the wire.
[[nodiscard]] std::vector<std::uint8_t> pdu_of(const ModbusRequest& request);
/// Bytes of a good answer's PDU.
[[nodiscard]] std::size_t answer_length(const ModbusRequest& request);

/// What was read; both empty after a write.
struct ModbusValues {
    std::vector<bool> bits;
    std::vector<std::uint16_t> registers;
};

/// The device's own refusal: a good frame. 2 = illegal address, 6 = busy, …
struct ModbusException {
    std::uint8_t code = 0;
};

/// Why bytes are no answer to a request: a word of device.bad_frame.
struct FrameFault {
    std::string_view kind;
};

using AnswerRead = std::variant<ModbusValues, ModbusException, FrameFault>;

/// Reads function and data as the answer to `request`: function, length, and count or echo.
[[nodiscard]] AnswerRead read_pdu(const ModbusRequest& request, std::span<const std::uint8_t> pdu);

/// `02 illegal data address`
[[nodiscard]] std::string text_of(ModbusException exception);

}  // namespace portcullis::drivers
