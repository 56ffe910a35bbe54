#include "drivers/transport/modbus_request.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

namespace {

constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t addresses = 0x10000;

void append_word(std::vector<std::uint8_t>& bytes, std::uint16_t word) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(unsigned{bytes[at]} << 8U | bytes[at + 1]);
}

void append_registers(std::vector<std::uint8_t>& bytes, const std::vector<std::uint16_t>& values) {
    append_word(bytes, static_cast<std::uint16_t>(values.size()));
    bytes.push_back(static_cast<std::uint8_t>(values.size() * 2));
    for (const auto value : values) {
        append_word(bytes, value);
    }
}

void append_coils(std::vector<std::uint8_t>& bytes, const std::vector<std::uint16_t>& values) {
    append_word(bytes, static_cast<std::uint16_t>(values.size()));
    std::vector<std::uint8_t> packed((values.size() + 7) / 8);
    for (std::size_t i = 0; i < values.size(); ++i) {
        packed[i / 8] = static_cast<std::uint8_t>(packed[i / 8] | (values[i] != 0 ? 1U : 0U) << (i % 8));
    }
    bytes.push_back(static_cast<std::uint8_t>(packed.size()));
    bytes.insert(bytes.end(), packed.begin(), packed.end());
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

AnswerRead read_values(std::span<const std::uint8_t> body, bool are_bits, std::size_t count) {
    const std::size_t wanted = are_bits ? (count + 7) / 8 : count * 2;
    if (body.empty() || body[0] != wanted || body.size() != 1 + wanted) {
        return FrameFault{"count"};
    }
    const auto data = body.subspan(1);
    return are_bits ? ModbusValues{.bits = bits_of(data, count), .registers = {}}
                    : ModbusValues{.bits = {}, .registers = registers_of(data)};
}

AnswerRead echo_of(const ModbusRequest& request, std::span<const std::uint8_t> pdu) {
    const auto sent = pdu_of(request);
    const auto wanted = std::span{sent}.first(answer_length(request));
    return std::equal(pdu.begin(), pdu.end(), wanted.begin(), wanted.end()) ? AnswerRead{ModbusValues{}}
                                                                            : FrameFault{"echo"};
}

std::optional<std::string> beyond(std::size_t address, std::size_t count, std::size_t most) {
    if (count == 0 || count > most) {
        return "one question takes 1 to " + std::to_string(most) + ", not " + std::to_string(count);
    }
    if (address + count > addresses) {
        return "there is no address beyond 65535";
    }
    return std::nullopt;
}

}  // namespace

ModbusRequest write_register(std::uint8_t unit, std::uint16_t address, std::uint16_t value) {
    return {.unit = unit, .function = ModbusFunction::write_register, .address = address, .operand = value};
}

ModbusRequest write_coils(std::uint8_t unit, std::uint16_t address, const std::vector<bool>& on) {
    return {.unit = unit,
            .function = ModbusFunction::write_coils,
            .address = address,
            .values = std::vector<std::uint16_t>(on.begin(), on.end())};
}

ModbusRequest write_registers(std::uint8_t unit, std::uint16_t address, std::vector<std::uint16_t> values) {
    return {.unit = unit, .function = ModbusFunction::write_registers, .address = address, .values = std::move(values)};
}

ModbusRequest mask_register(std::uint8_t unit, std::uint16_t address, std::uint16_t and_mask, std::uint16_t or_mask) {
    return {.unit = unit,
            .function = ModbusFunction::mask_register,
            .address = address,
            .operand = and_mask,
            .values = {or_mask}};
}

ModbusRequest read_write_registers(std::uint8_t unit, std::uint16_t read_address, std::uint16_t count,
                                   std::uint16_t write_address, std::vector<std::uint16_t> values) {
    return {.unit = unit,
            .function = ModbusFunction::read_write_registers,
            .address = read_address,
            .operand = count,
            .write_address = write_address,
            .values = std::move(values)};
}

ModbusRequest raw_request(std::uint8_t unit, std::vector<std::uint8_t> function_and_data) {
    return {.unit = unit, .function = ModbusFunction::raw, .raw = std::move(function_and_data)};
}

std::optional<std::string> not_askable(const ModbusRequest& request) {
    switch (request.function) {
        case ModbusFunction::raw: {
            const bool asks = !request.raw.empty() && request.raw.size() <= longest_pdu && request.raw[0] != 0 &&
                              request.raw[0] < exception_bit;
            return asks ? std::nullopt
                        : std::optional<std::string>{"raw bytes are a function from 1 to 127 and at most 252 bytes"};
        }
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
            return beyond(request.address, request.operand, most_bits_read);
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
            return beyond(request.address, request.operand, most_registers_read);
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
            break;
        case ModbusFunction::write_coils:
            return beyond(request.address, request.values.size(), most_coils_written);
        case ModbusFunction::write_registers:
            return beyond(request.address, request.values.size(), most_registers_written);
        case ModbusFunction::mask_register:
            return request.values.size() == 1 ? std::nullopt : std::optional<std::string>{"one OR mask is needed"};
        case ModbusFunction::read_write_registers:
            if (auto why = beyond(request.write_address, request.values.size(), most_registers_written_and_read)) {
                return why;
            }
            return beyond(request.address, request.operand, most_registers_read);
    }
    return std::nullopt;
}

std::vector<std::uint8_t> pdu_of(const ModbusRequest& request) {
    if (request.function == ModbusFunction::raw) {
        return request.raw;
    }
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(request.function)};
    append_word(bytes, request.address);
    switch (request.function) {
        case ModbusFunction::write_coils:
            append_coils(bytes, request.values);
            break;
        case ModbusFunction::write_registers:
            append_registers(bytes, request.values);
            break;
        case ModbusFunction::mask_register:
            append_word(bytes, request.operand);
            append_word(bytes, request.values.at(0));
            break;
        case ModbusFunction::read_write_registers:
            append_word(bytes, request.operand);
            append_word(bytes, request.write_address);
            append_registers(bytes, request.values);
            break;
        case ModbusFunction::raw:
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
            append_word(bytes, request.operand);
            break;
    }
    return bytes;
}

std::size_t answer_length(const ModbusRequest& request) {
    constexpr std::size_t function_and_count = 2;
    constexpr std::size_t function_and_two_words = 5;
    constexpr std::size_t function_and_three_words = 7;
    switch (request.function) {
        case ModbusFunction::raw:
            return request.raw.size();
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
            return function_and_count + (request.operand + 7U) / 8U;
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
        case ModbusFunction::read_write_registers:
            return function_and_count + request.operand * std::size_t{2};
        case ModbusFunction::mask_register:
            return function_and_three_words;
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
        case ModbusFunction::write_coils:
        case ModbusFunction::write_registers:
            break;
    }
    return function_and_two_words;
}

AnswerRead read_pdu(const ModbusRequest& request, std::span<const std::uint8_t> pdu) {
    const auto function =
        request.function == ModbusFunction::raw ? request.raw.at(0) : static_cast<std::uint8_t>(request.function);
    if (pdu.empty()) {
        return FrameFault{"length"};
    }
    if (pdu[0] == (function | exception_bit)) {
        return pdu.size() == 2 ? AnswerRead{ModbusException{pdu[1]}} : FrameFault{"length"};
    }
    if (pdu[0] != function) {
        return FrameFault{"function"};
    }
    switch (request.function) {
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
            return read_values(pdu.subspan(1), true, request.operand);
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
        case ModbusFunction::read_write_registers:
            return read_values(pdu.subspan(1), false, request.operand);
        case ModbusFunction::raw:
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
        case ModbusFunction::write_coils:
        case ModbusFunction::write_registers:
        case ModbusFunction::mask_register:
            break;
    }
    return echo_of(request, pdu);
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
