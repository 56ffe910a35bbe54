#include "drivers/transport/modbus_rtu_frame.hpp"

#include <algorithm>
#include <utility>

#include "drivers/framing/check.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::size_t unit_length = 1;
constexpr std::size_t crc_length = 2;
constexpr std::size_t shortest_frame = 4;
constexpr std::size_t exception_length = 5;
constexpr std::uint8_t exception_flag = 0x80;

/// A frame of at least `crc_length` bytes.
bool crc_holds(std::span<const std::uint8_t> frame) {
    const auto crc = check_of(CheckKind::crc16_modbus, frame.first(frame.size() - crc_length));
    return frame[frame.size() - 2] == (crc & 0xFFU) && frame[frame.size() - 1] == crc >> 8U;
}

bool reads(const ModbusRequest& request) {
    switch (request.function) {
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
        case ModbusFunction::read_write_registers:
            return true;
        case ModbusFunction::raw:
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
        case ModbusFunction::write_coils:
        case ModbusFunction::write_registers:
        case ModbusFunction::mask_register:
            break;
    }
    return false;
}

}  // namespace

std::vector<std::uint8_t> encode_rtu(const ModbusRequest& request) {
    std::vector<std::uint8_t> bytes{request.unit};
    const auto pdu = pdu_of(request);
    bytes.insert(bytes.end(), pdu.begin(), pdu.end());
    const auto crc = check_of(CheckKind::crc16_modbus, bytes);
    bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
    return bytes;
}

RtuAnswerSearch::RtuAnswerSearch(const ModbusRequest& request) : request_(request), question_(encode_rtu(request)) {}

void RtuAnswerSearch::take(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::size_t RtuAnswerSearch::expected() const {
    return unit_length + answer_length(request_) + crc_length;
}

std::vector<std::uint8_t> RtuAnswerSearch::rest() {
    return std::exchange(bytes_, {});
}

std::size_t RtuAnswerSearch::answer_at(std::size_t begin) const {
    const auto from = std::span{bytes_}.subspan(begin);
    if (from.size() < shortest_frame || from[0] != request_.unit) {
        return 0;
    }
    const bool refuses = from[1] == (question_[1] | exception_flag);
    const auto length = refuses ? exception_length : expected();
    if ((!refuses && from[1] != question_[1]) || from.size() < length || !crc_holds(from.first(length))) {
        return 0;
    }
    return std::holds_alternative<FrameFault>(read(from.first(length))) ? 0 : length;
}

/// By the few lengths that its function and its own counts allow: of all lengths one would fit by chance, and swallow
/// the beginning of the answer.
std::size_t RtuAnswerSearch::foreign_frame() const {
    constexpr std::size_t answer_count_at = 2;
    constexpr std::size_t question_count_at = 6;
    constexpr std::size_t fixed_length = 8;
    constexpr std::size_t masked_length = 10;
    const std::span<const std::uint8_t> bytes{bytes_};
    const auto is_frame = [bytes](std::size_t length) {
        return length >= shortest_frame && length <= longest_rtu_frame && bytes.size() >= length &&
               crc_holds(bytes.first(length));
    };
    const auto counted = [bytes](std::size_t at) { return bytes.size() > at ? at + 3 + bytes[at] : 0; };
    for (const auto length :
         {exception_length, counted(answer_count_at), fixed_length, masked_length, counted(question_count_at)}) {
        if (is_frame(length)) {
            return length;
        }
    }
    return 0;
}

AnswerRead RtuAnswerSearch::read(std::span<const std::uint8_t> frame) const {
    if (reads(request_) && std::equal(frame.begin(), frame.end(), question_.begin(), question_.end())) {
        return FrameFault{"echo"};
    }
    if (frame[0] != request_.unit) {
        return FrameFault{"unit"};
    }
    return read_pdu(request_, frame.subspan(unit_length, frame.size() - unit_length - crc_length));
}

RtuAnswerSearch::Found RtuAnswerSearch::take_out(std::size_t begin, std::size_t length) {
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto end = from + static_cast<std::ptrdiff_t>(length);
    Found found{.noise = {bytes_.begin(), from}, .frame = {from, end}, .read = FrameFault{}};
    found.read = read(found.frame);
    bytes_.erase(bytes_.begin(), end);
    return found;
}

std::optional<RtuAnswerSearch::Found> RtuAnswerSearch::next() {
    if (const auto length = answer_at(0); length > 0) {
        return take_out(0, length);
    }
    if (const auto length = foreign_frame(); length > 0) {
        return take_out(0, length);
    }
    for (std::size_t begin = 1; begin + shortest_frame <= bytes_.size(); ++begin) {
        if (const auto length = answer_at(begin); length > 0) {
            return take_out(begin, length);
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::drivers
