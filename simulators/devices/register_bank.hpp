#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// The four tables of a Modbus unit, from address 0 on, behind functions 1 to 6, 15, 16, 22 and 23. What lies beyond a
/// table is refused with exception 2, a count or value that the specification does not allow with 3, any other
/// function with 1.
struct RegisterBank {
    std::vector<bool> coils = std::vector<bool>(256);
    std::vector<bool> discrete_inputs = std::vector<bool>(256);
    std::vector<std::uint16_t> holding = std::vector<std::uint16_t>(256);
    std::vector<std::uint16_t> input = std::vector<std::uint16_t>(256);
    std::int64_t questions = 0;

    /// A handler for a server: `[&bank](auto request) { return bank.answer(request); }`.
    [[nodiscard]] Pdu answer(std::span<const std::uint8_t> request);
};

}  // namespace portcullis::simulators
