#include "simulators/devices/register_bank.hpp"

namespace portcullis::simulators {

namespace {

constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;
constexpr std::uint8_t illegal_value = 3;
constexpr std::size_t most_bits = 2000;
constexpr std::size_t most_registers = 125;

std::size_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::size_t{bytes[at]} << 8U | bytes[at + 1];
}

void append(Pdu& pdu, std::uint16_t word) {
    pdu.push_back(static_cast<std::uint8_t>(word >> 8U));
    pdu.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

/// A request with its two words, or the exception for it.
Pdu refused(std::span<const std::uint8_t> request, std::uint8_t code) {
    return modbus_exception(request[0], code);
}

bool inside(std::size_t address, std::size_t count, std::size_t size) {
    return address + count <= size;
}

Pdu read_bits(std::span<const std::uint8_t> request, const std::vector<bool>& table) {
    const auto address = word_at(request, 1);
    const auto count = word_at(request, 3);
    if (count == 0 || count > most_bits) {
        return refused(request, illegal_value);
    }
    if (!inside(address, count, table.size())) {
        return refused(request, illegal_address);
    }
    Pdu reply(2 + (count + 7) / 8, 0);
    reply[0] = request[0];
    reply[1] = static_cast<std::uint8_t>(reply.size() - 2);
    for (std::size_t i = 0; i < count; ++i) {
        if (table[address + i]) {
            reply[2 + i / 8] = static_cast<std::uint8_t>(reply[2 + i / 8] | 1U << (i % 8));
        }
    }
    return reply;
}

Pdu read_words(std::span<const std::uint8_t> request, const std::vector<std::uint16_t>& table) {
    const auto address = word_at(request, 1);
    const auto count = word_at(request, 3);
    if (count == 0 || count > most_registers) {
        return refused(request, illegal_value);
    }
    if (!inside(address, count, table.size())) {
        return refused(request, illegal_address);
    }
    Pdu reply{request[0], static_cast<std::uint8_t>(count * 2)};
    for (std::size_t i = 0; i < count; ++i) {
        append(reply, table[address + i]);
    }
    return reply;
}

Pdu write_coil(std::span<const std::uint8_t> request, std::vector<bool>& table) {
    const auto address = word_at(request, 1);
    const auto value = word_at(request, 3);
    if (value != 0xFF00 && value != 0) {
        return refused(request, illegal_value);
    }
    if (!inside(address, 1, table.size())) {
        return refused(request, illegal_address);
    }
    table[address] = value != 0;
    return {request.begin(), request.begin() + 5};
}

Pdu write_register(std::span<const std::uint8_t> request, std::vector<std::uint16_t>& table) {
    const auto address = word_at(request, 1);
    if (!inside(address, 1, table.size())) {
        return refused(request, illegal_address);
    }
    table[address] = static_cast<std::uint16_t>(word_at(request, 3));
    return {request.begin(), request.begin() + 5};
}

Pdu write_coils(std::span<const std::uint8_t> request, std::vector<bool>& table) {
    const auto address = word_at(request, 1);
    const auto count = word_at(request, 3);
    if (count == 0 || request.size() != 6 + (count + 7) / 8) {
        return refused(request, illegal_value);
    }
    if (!inside(address, count, table.size())) {
        return refused(request, illegal_address);
    }
    for (std::size_t i = 0; i < count; ++i) {
        table[address + i] = (unsigned{request[6 + i / 8]} >> (i % 8) & 1U) != 0;
    }
    return {request.begin(), request.begin() + 5};
}

/// Registers from `at` on: count, bytes, values.
bool take_words(std::span<const std::uint8_t> request, std::size_t address, std::size_t at,
                std::vector<std::uint16_t>& table) {
    const auto count = word_at(request, at);
    if (!inside(address, count, table.size())) {
        return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        table[address + i] = static_cast<std::uint16_t>(word_at(request, at + 3 + 2 * i));
    }
    return true;
}

Pdu write_registers(std::span<const std::uint8_t> request, std::vector<std::uint16_t>& table) {
    const auto count = word_at(request, 3);
    if (count == 0 || request.size() != 6 + count * 2) {
        return refused(request, illegal_value);
    }
    return take_words(request, word_at(request, 1), 3, table) ? Pdu{request.begin(), request.begin() + 5}
                                                              : refused(request, illegal_address);
}

Pdu mask_register(std::span<const std::uint8_t> request, std::vector<std::uint16_t>& table) {
    const auto address = word_at(request, 1);
    if (request.size() != 7) {
        return refused(request, illegal_value);
    }
    if (!inside(address, 1, table.size())) {
        return refused(request, illegal_address);
    }
    const auto keep = word_at(request, 3);
    table[address] = static_cast<std::uint16_t>((table[address] & keep) | (word_at(request, 5) & ~keep));
    return {request.begin(), request.end()};
}

Pdu read_write(std::span<const std::uint8_t> request, std::vector<std::uint16_t>& table) {
    if (request.size() < 12 || request.size() != 10 + word_at(request, 7) * 2) {
        return refused(request, illegal_value);
    }
    return take_words(request, word_at(request, 5), 7, table) ? read_words(request, table)
                                                              : refused(request, illegal_address);
}

}  // namespace

Pdu RegisterBank::answer(std::span<const std::uint8_t> request) {
    ++questions;
    if (request.size() < 5) {
        return modbus_exception(request.empty() ? std::uint8_t{0} : request[0], illegal_function);
    }
    switch (request[0]) {
        case 1:
            return read_bits(request, coils);
        case 2:
            return read_bits(request, discrete_inputs);
        case 3:
            return read_words(request, holding);
        case 4:
            return read_words(request, input);
        case 5:
            return write_coil(request, coils);
        case 6:
            return write_register(request, holding);
        case 15:
            return write_coils(request, coils);
        case 16:
            return write_registers(request, holding);
        case 22:
            return mask_register(request, holding);
        case 23:
            return read_write(request, holding);
        default:
            return refused(request, illegal_function);
    }
}

}  // namespace portcullis::simulators
