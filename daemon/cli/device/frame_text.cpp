#include "cli/device/frame_text.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "cli/device/replayed_link.hpp"
#include "core/utf8.hpp"
#include "drivers/framing/check.hpp"
#include "drivers/transport/modbus_request.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t data_at = 2;  // behind unit and function

unsigned word(const Bytes& body, std::size_t at) {
    return body.size() >= at + 2 ? (unsigned{body[at]} << 8U) | body[at + 1] : 0;
}

std::string number_hex(unsigned value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned shift = 16; shift > 0; shift -= 4) {
        text += digits[(value >> (shift - 4)) & 15U];
    }
    return text;
}

std::string bits_text(const Bytes& data, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count && i / 8 < data.size(); ++i) {
        text += i > 0 && i % 4 == 0 ? " " : "";
        text += (data[i / 8] >> (i % 8) & 1U) != 0 ? '1' : '0';
    }
    return text;
}

std::string registers_text(const Bytes& data) {
    std::string text;
    for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
        text += (text.empty() ? "" : " ") + number_hex(word(data, i));
    }
    return text;
}

std::string name_of(unsigned function) {
    using drivers::ModbusFunction;
    switch (static_cast<ModbusFunction>(function)) {
        case ModbusFunction::read_coils:
            return "coils";
        case ModbusFunction::read_discrete_inputs:
            return "discrete inputs";
        case ModbusFunction::read_holding_registers:
            return "holding registers";
        case ModbusFunction::read_input_registers:
            return "input registers";
        case ModbusFunction::write_coil:
            return "coil";
        case ModbusFunction::write_register:
            return "register";
        case ModbusFunction::write_coils:
            return "coils";
        case ModbusFunction::write_registers:
            return "registers";
        case ModbusFunction::mask_register:
            return "bits of register";
        case ModbusFunction::read_write_registers:
            return "registers, and write";
        case ModbusFunction::raw:
            break;
    }
    return "function " + std::to_string(function);
}

bool reads(unsigned function) {
    return function >= 1 && function <= 4;
}

}  // namespace

Bytes ModbusWords::body_of(std::span<const std::uint8_t> frame) const {
    const Bytes whole{frame.begin(), frame.end()};
    if (!over_tcp_ && whole.size() > 3) {
        const drivers::CheckSettings crc{.kind = drivers::CheckKind::crc16_modbus,
                                         .coding = drivers::CheckCoding::binary,
                                         .order = drivers::FieldOrder::low_first,
                                         .place = drivers::CheckPlace::before_end,
                                         .from = 0};
        if (!drivers::check_holds(crc, frame.first(frame.size() - 2), frame.last(2))) {
            return {};
        }
    }
    return unit_and_pdu(whole, over_tcp_);
}

std::optional<int> ModbusWords::unit_of(std::span<const std::uint8_t> frame) const {
    const auto body = unit_and_pdu({frame.begin(), frame.end()}, over_tcp_);
    return body.empty() ? std::nullopt : std::optional{int{body.front()}};
}

std::string ModbusWords::question(std::span<const std::uint8_t> frame) {
    asked_ = body_of(frame);
    if (asked_.empty()) {
        return "no whole frame";
    }
    const unsigned function = asked_[1];
    const auto unit = "unit " + std::to_string(asked_[0]);
    const auto address = std::to_string(word(asked_, data_at));
    const auto operand = word(asked_, data_at + 2);
    if (reads(function)) {
        return unit + " read " + std::to_string(operand) + " " + name_of(function) + " from " + address;
    }
    const auto write = unit + " write " + name_of(function) + " " + address;
    if (function == 5) {
        return write + (operand == 0xFF00 ? " on" : operand == 0 ? " off" : " with " + number_hex(operand));
    }
    if (function == 6) {
        return write + " = " + number_hex(operand);
    }
    return function == 15 || function == 16 ? write + ", " + std::to_string(operand) + " of them"
                                            : unit + " " + name_of(function);
}

std::string ModbusWords::answer(std::span<const std::uint8_t> frame) const {
    const auto body = body_of(frame);
    if (body.empty()) {
        return "no whole frame";
    }
    const auto unit = "unit " + std::to_string(body[0]);
    const unsigned function = body[1];
    if ((function & exception_bit) != 0) {
        return unit + " refuses: " +
               (body.size() > data_at ? drivers::text_of(drivers::ModbusException{body[data_at]}) : "without a code");
    }
    if (asked_.size() < data_at || asked_[0] != body[0] || asked_[1] != body[1]) {
        return unit + ": not what was asked";
    }
    if (!reads(function) && function != 23) {
        return unit + ": done";
    }
    const Bytes data{body.begin() + std::min<std::ptrdiff_t>(data_at + 1, static_cast<std::ptrdiff_t>(body.size())),
                     body.end()};
    return unit + ": " + (function <= 2 ? bits_text(data, word(asked_, data_at + 2)) : registers_text(data));
}

std::string printable(std::span<const std::uint8_t> bytes) {
    static const std::map<std::uint8_t, std::string_view> names{
        {0x01, "‹SOH›"}, {0x02, "‹STX›"}, {0x03, "‹ETX›"}, {0x0A, "‹LF›"}, {0x0D, "‹CR›"}};
    std::string plain;
    const std::string whole{bytes.begin(), bytes.end()};
    const bool is_text = is_utf8(whole);
    for (const auto byte : bytes) {
        const auto name = names.find(byte);
        if (name != names.end()) {
            plain += name->second;
        } else if ((byte >= 0x20 && byte < 0x7F) || (byte >= 0x80 && is_text)) {
            plain += static_cast<char>(byte);
        } else {
            plain += "·";
        }
    }
    return plain;
}

std::string short_hex(std::span<const std::uint8_t> bytes, std::size_t most) {
    const auto shown = bytes.first(std::min(bytes.size(), most));
    return spaced_hex({shown.begin(), shown.end()}) + (bytes.size() > most ? " …" : "");
}

}  // namespace portcullis::cli
