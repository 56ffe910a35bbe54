#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/transport/modbus_request.hpp"

/// Modbus TCP frames as bytes: pure, no socket. libmodbus checks neither unit nor length of an answer, and its protocol
/// check is broken; so all of it is checked here.
namespace portcullis::drivers {

inline constexpr std::size_t mbap_length = 7;

[[nodiscard]] std::vector<std::uint8_t> encode(const ModbusRequest& request, std::uint16_t transaction);

/// Reads `frame` as the answer to `request`: transaction, protocol id, length, unit, function, and count or echo.
[[nodiscard]] AnswerRead read_answer(const ModbusRequest& request, std::uint16_t transaction,
                                     std::span<const std::uint8_t> frame);

}  // namespace portcullis::drivers
