#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Modbus TCP frames as bytes: pure, no socket. libmodbus checks neither unit nor length of an answer, its protocol
/// check is broken, and it never compares the echo of a write; so every answer is checked here.
namespace portcullis::drivers {

enum class ModbusFunction : std::uint8_t {
    read_coils = 1,
    read_discrete_inputs = 2,
    read_holding_registers = 3,
    read_input_registers = 4,
    write_coil = 5,
    write_register = 6,
};

/// One question. Addresses count from 0, as on the wire.
struct ModbusRequest {
    std::uint8_t unit = 1;
    ModbusFunction function = ModbusFunction::read_coils;
    std::uint16_t address = 0;
    std::uint16_t operand = 0;  ///< how many to read, or the value to write
};

[[nodiscard]] constexpr ModbusRequest write_coil(std::uint8_t unit, std::uint16_t address, bool on) {
    return {unit, ModbusFunction::write_coil, address, static_cast<std::uint16_t>(on ? 0xFF00 : 0)};
}

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

inline constexpr std::size_t mbap_length = 7;

[[nodiscard]] std::vector<std::uint8_t> encode(const ModbusRequest& request, std::uint16_t transaction);

/// Reads `frame` as the answer to `request`: transaction, protocol id, length, unit, function, and count or echo.
[[nodiscard]] std::variant<ModbusValues, ModbusException, FrameFault> read_answer(const ModbusRequest& request,
                                                                                  std::uint16_t transaction,
                                                                                  std::span<const std::uint8_t> frame);

/// `02 illegal data address`
[[nodiscard]] std::string text_of(ModbusException exception);

}  // namespace portcullis::drivers
