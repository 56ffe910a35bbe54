#include "drivers/transport/modbus_frame.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t function_at = mbap_length;
constexpr std::size_t body_at = mbap_length + 1;

void append_word(std::vector<std::uint8_t>& bytes, std::uint16_t word) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(unsigned{bytes[at]} << 8U | bytes[at + 1]);
}

std::vector<bool> bits_of(std::span<const std::uint8_t> bytes, std::size_t count) {
    std::vector<bool> bits(count);
    for (std::size_t i = 0; i < count; ++i) {
        bits[i] = (unsigned{bytes[i / 8]} >> (i % 8) & 1U) != 0;
    }
    return bits;
}

std::vector<std::uint16_t> registers_of(std::span<const std::uint8_t> bytes) {
    std::vector<std::uint16_t> registers;
    registers.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        registers.push_back(word_at(bytes, i));
    }
    return registers;
}

std::variant<ModbusValues, ModbusException, FrameFault> read_values(std::span<const std::uint8_t> body, bool are_bits,
                                                                    std::size_t count) {
    const std::size_t wanted = are_bits ? (count + 7) / 8 : count * 2;
    if (body.empty() || body[0] != wanted || body.size() != 1 + wanted) {
        return FrameFault{"count"};
    }
    const auto data = body.subspan(1);
    return are_bits ? ModbusValues{.bits = bits_of(data, count), .registers = {}}
                    : ModbusValues{.bits = {}, .registers = registers_of(data)};
}

}  // namespace

std::vector<std::uint8_t> encode(const ModbusRequest& request, std::uint16_t transaction) {
    constexpr std::uint16_t protocol = 0;
    constexpr std::uint16_t length_from_unit = 6;
    std::vector<std::uint8_t> bytes;
    append_word(bytes, transaction);
    append_word(bytes, protocol);
    append_word(bytes, length_from_unit);
    bytes.push_back(request.unit);
    bytes.push_back(static_cast<std::uint8_t>(request.function));
    append_word(bytes, request.address);
    append_word(bytes, request.operand);
    return bytes;
}

std::variant<ModbusValues, ModbusException, FrameFault> read_answer(const ModbusRequest& request,
                                                                    std::uint16_t transaction,
                                                                    std::span<const std::uint8_t> frame) {
    constexpr std::size_t length_counts_from = 6;
    if (frame.size() <= body_at || word_at(frame, 4) != frame.size() - length_counts_from) {
        return FrameFault{"length"};
    }
    if (word_at(frame, 2) != 0) {
        return FrameFault{"protocol"};
    }
    if (word_at(frame, 0) != transaction) {
        return FrameFault{"late"};
    }
    if (frame[6] != request.unit) {
        return FrameFault{"unit"};
    }
    const auto function = static_cast<std::uint8_t>(request.function);
    const auto body = frame.subspan(body_at);
    if (frame[function_at] == (function | exception_bit)) {
        return body.size() == 1 ? std::variant<ModbusValues, ModbusException, FrameFault>{ModbusException{body[0]}}
                                : FrameFault{"length"};
    }
    if (frame[function_at] != function) {
        return FrameFault{"function"};
    }
    switch (request.function) {
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
            return read_values(body, true, request.operand);
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
            return read_values(body, false, request.operand);
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
            break;
    }
    if (body.size() != 4 || word_at(body, 0) != request.address || word_at(body, 2) != request.operand) {
        return FrameFault{"echo"};
    }
    return ModbusValues{};
}

std::string text_of(ModbusException exception) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text{digits[exception.code >> 4U], digits[exception.code & 15U]};
    switch (exception.code) {
        case 1:
            return text + " illegal function";
        case 2:
            return text + " illegal data address";
        case 3:
            return text + " illegal data value";
        case 4:
            return text + " device failure";
        case 6:
            return text + " busy";
        case 10:
            return text + " gateway path unavailable";
        case 11:
            return text + " gateway target does not answer";
        default:
            return text;
    }
}

}  // namespace portcullis::drivers
