#include "simulators/devices/scale_indicator.hpp"

#include <bit>
#include <cstdio>
#include <cstdlib>

namespace portcullis::simulators {

namespace {

constexpr std::int64_t division_kg = 20;

std::string padded(std::int64_t number, int width, char with) {
    auto digits = std::to_string(number);
    const auto missing = static_cast<std::size_t>(width) - std::min(digits.size(), static_cast<std::size_t>(width));
    return std::string(missing, with) + digits;
}

}  // namespace

ScaleIndicator::ScaleIndicator(boost::asio::io_context& context, ScaleSpeech speech) : speech_(speech), line_(context) {
    if (speech_ == ScaleSpeech::registers) {
        server_ = std::make_unique<ModbusServer>(context, std::uint16_t{0}, std::uint8_t{1},
                                                 [this](auto request) { return bank_.answer(request); });
    }
    line_.on_bytes([this](std::string_view bytes) { heard(bytes); });
    fill_registers();
}

void ScaleIndicator::show(std::int64_t kg, bool moving) {
    if (!faults.stuck) {
        kg_ = (kg + division_kg / 2) / division_kg * division_kg;
        moving_ = moving;
    }
    fill_registers();
}

void ScaleIndicator::tick() {
    if (faults.silent) {
        return;
    }
    if (speech_ == ScaleSpeech::toledo) {
        line_.send(toledo_frame());
    } else if (speech_ == ScaleSpeech::yaohua) {
        line_.send(yaohua_frame());
    }
}

void ScaleIndicator::set_offline(bool offline) {
    if (server_) {
        offline ? server_->go_offline() : server_->go_online();
    } else {
        offline ? line_.unplug() : line_.replug();
    }
}

/// STX, three status bytes, six digits of weight and six of tare, CR, and the two's complement of their seven low bits.
std::string ScaleIndicator::toledo_frame() const {
    constexpr unsigned seven_bits = 0x7F;
    const char status =
        static_cast<char>(0x30 | (faults.over ? 0x04 : 0) | (moves() ? 0x08 : 0) | (kg_ < 0 ? 0x02 : 0));
    std::string frame{"\x02\x2A"};
    frame += status;
    frame += ' ';
    frame += padded(std::abs(kg_), 6, '0') + "000000\r";
    unsigned sum = faults.wrong_check ? 1 : 0;
    for (const char byte : frame) {
        sum += static_cast<unsigned char>(byte);
    }
    frame += static_cast<char>((0U - sum) & seven_bits);
    return frame;
}

/// STX, sign, six digits, decimals, the XOR of these as two digits, ETX.
std::string ScaleIndicator::yaohua_frame() const {
    const auto body = (kg_ < 0 ? "-" : "+") + padded(faults.over ? 999'999 : std::abs(kg_), 6, '0') + "0";
    unsigned check = faults.wrong_check ? 1 : 0;
    for (const char byte : body) {
        check ^= static_cast<unsigned char>(byte);
    }
    char digits[3] = {};
    std::snprintf(digits, sizeof digits, "%02X", check);
    return "\x02" + body + digits + "\x03";
}

std::string ScaleIndicator::sics_reply() const {
    if (faults.over) {
        return "S +\r\n";
    }
    return std::string{"S "} + (moves() ? 'D' : 'S') + ' ' + padded(kg_, 10, ' ') + " kg\r\n";
}

void ScaleIndicator::heard(std::string_view bytes) {
    constexpr std::size_t longest = 64;
    if (speech_ != ScaleSpeech::sics || faults.silent) {
        return;
    }
    asked_ += bytes;
    for (auto end = asked_.find("\r\n"); end != std::string::npos; end = asked_.find("\r\n")) {
        const auto word = asked_.substr(0, end);
        asked_.erase(0, end + 2);
        line_.send(word == "SI" ? sics_reply() : "ES\r\n");
    }
    if (asked_.size() > longest) {
        asked_.clear();
    }
}

/// Registers 2 and 3: gross as a float, high word first; 4: the status bits.
void ScaleIndicator::fill_registers() {
    constexpr std::size_t gross_at = 2;
    constexpr std::size_t status_at = 4;
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(kg_));
    bank_.holding[gross_at] = static_cast<std::uint16_t>(bits >> 16U);
    bank_.holding[gross_at + 1] = static_cast<std::uint16_t>(bits & 0xFFFFU);
    if (faults.swapped_words) {
        std::swap(bank_.holding[gross_at], bank_.holding[gross_at + 1]);
    }
    bank_.holding[status_at] = static_cast<std::uint16_t>((faults.silent ? 0U : 0x8000U) | (moves() ? 0x1000U : 0U) |
                                                          (faults.over ? 0x0400U : 0U));
    if (server_) {
        server_->faults.mute = faults.silent;
    }
}

}  // namespace portcullis::simulators
