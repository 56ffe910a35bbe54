#include "drivers/transport/modbus_frame.hpp"

namespace portcullis::drivers {

namespace {

void append_big(std::vector<std::uint8_t>& bytes, std::size_t word) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8U & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

std::size_t big_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::size_t{bytes[at]} << 8U | bytes[at + 1];
}

}  // namespace

std::vector<std::uint8_t> encode(const ModbusRequest& request, std::uint16_t transaction) {
    constexpr std::size_t protocol = 0;
    const auto pdu = pdu_of(request);
    std::vector<std::uint8_t> bytes;
    append_big(bytes, transaction);
    append_big(bytes, protocol);
    append_big(bytes, pdu.size() + 1);
    bytes.push_back(request.unit);
    bytes.insert(bytes.end(), pdu.begin(), pdu.end());
    return bytes;
}

AnswerRead read_answer(const ModbusRequest& request, std::uint16_t transaction, std::span<const std::uint8_t> frame) {
    constexpr std::size_t length_counts_from = 6;
    if (frame.size() <= mbap_length || big_at(frame, 4) != frame.size() - length_counts_from) {
        return FrameFault{"length"};
    }
    if (big_at(frame, 2) != 0) {
        return FrameFault{"protocol"};
    }
    if (big_at(frame, 0) != transaction) {
        return FrameFault{"late"};
    }
    if (frame[6] != request.unit) {
        return FrameFault{"unit"};
    }
    return read_pdu(request, frame.subspan(mbap_length));
}

}  // namespace portcullis::drivers
