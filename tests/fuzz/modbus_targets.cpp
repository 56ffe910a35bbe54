// Answers of Modbus units, over TCP and on a serial line.
#include <algorithm>
#include <array>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/transport/modbus_frame.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "target.hpp"

namespace portcullis::fuzz {

namespace {

using drivers::ModbusFunction;
using drivers::ModbusRequest;

/// A question that may be asked; nothing where the bytes make none.
std::optional<ModbusRequest> question(Input& input) {
    constexpr std::array functions{
        ModbusFunction::read_coils,     ModbusFunction::read_discrete_inputs, ModbusFunction::read_holding_registers,
        ModbusFunction::write_coil,     ModbusFunction::write_register,       ModbusFunction::write_coils,
        ModbusFunction::write_registers};
    ModbusRequest request;
    request.unit = input.byte();
    request.function = functions.at(input.byte() % functions.size());
    request.address = static_cast<std::uint16_t>(input.byte() * 256 + input.byte());
    const auto count = static_cast<std::uint16_t>(input.byte() % 126 + 1);
    switch (request.function) {
        case ModbusFunction::write_coils:
            return drivers::write_coils(request.unit, request.address, std::vector<bool>(count, true));
        case ModbusFunction::write_registers:
            return drivers::write_registers(request.unit, request.address, std::vector<std::uint16_t>(count, count));
        case ModbusFunction::write_coil:
            return drivers::write_coil(request.unit, request.address, count % 2 == 0);
        case ModbusFunction::write_register:
            return drivers::write_register(request.unit, request.address, count);
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
        case ModbusFunction::mask_register:
        case ModbusFunction::read_write_registers:
        case ModbusFunction::raw:
            request.operand = count;
            return request;
    }
    return std::nullopt;
}

/// An answer that is taken has as many values as were asked for.
void require_complete(const ModbusRequest& request, const drivers::AnswerRead& read) {
    const auto* values = std::get_if<drivers::ModbusValues>(&read);
    if (values == nullptr) {
        return;
    }
    const bool bits =
        request.function == ModbusFunction::read_coils || request.function == ModbusFunction::read_discrete_inputs;
    const bool registers = request.function == ModbusFunction::read_holding_registers;
    require(values->bits.size() == (bits ? request.operand : 0U));
    require(values->registers.size() == (registers ? request.operand : 0U));
}

}  // namespace

void fuzz_modbus_tcp(Input input) {
    const auto request = question(input);
    if (request && !drivers::not_askable(*request)) {
        const auto transaction = static_cast<std::uint16_t>(input.byte() * 256 + input.byte());
        require_complete(*request, drivers::read_answer(*request, transaction, input.rest()));
    }
}

void fuzz_modbus_rtu(Input input) {
    const auto request = question(input);
    if (!request || drivers::not_askable(*request)) {
        return;
    }
    drivers::RtuAnswerSearch search{*request};
    const auto bytes = input.rest();
    std::size_t seen = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 5) {
        search.take(bytes.subspan(i, std::min<std::size_t>(5, bytes.size() - i)));
        while (const auto found = search.next()) {
            require(!found->frame.empty());
            seen += found->noise.size() + found->frame.size();
            require_complete(*request, found->read);
        }
    }
    require(seen + search.rest().size() == bytes.size());
}

}  // namespace portcullis::fuzz
