#include "simulators/devices/register_reader.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::simulators {

namespace {

constexpr std::size_t sequence_at = 0;
constexpr std::size_t length_at = 1;
constexpr std::size_t confidence_at = 2;
constexpr std::size_t text_at = 3;
constexpr std::size_t most_text = 64;
constexpr std::size_t most_waiting = 16;
constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;

std::size_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::size_t>(bytes[at] << 8U | bytes[at + 1]);
}

}  // namespace

RegisterReader::RegisterReader(boost::asio::io_context& context, std::uint16_t port, std::uint8_t unit)
    : server_(context, port, unit, [this](std::span<const std::uint8_t> request) { return handle(request); }) {}

void RegisterReader::read(const std::string& text, int confidence) {
    if (!stuck && waiting_.size() < most_waiting) {
        waiting_.emplace_back(text.substr(0, most_text), confidence);
    }
    offer_next();
}

void RegisterReader::restart() {
    server_.go_offline();
    waiting_.clear();
    acknowledged_ = 0;
    std::fill(registers_.begin(), registers_.end(), std::uint16_t{0});
    server_.go_online();
}

void RegisterReader::offer_next() {
    if (waiting_.empty() || acknowledged_ != registers_[sequence_at]) {
        return;  // the client has not taken the one that is shown
    }
    const auto [text, confidence] = std::exchange(waiting_.front(), {});
    waiting_.erase(waiting_.begin());
    const auto next = registers_[sequence_at] == 0xFFFF ? 1 : registers_[sequence_at] + 1;
    std::fill(registers_.begin(), registers_.end(), std::uint16_t{0});
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        auto& place = registers_[text_at + i / 2];
        place = static_cast<std::uint16_t>(i % 2 == 0 ? byte << 8U : place | byte);
    }
    registers_[length_at] = static_cast<std::uint16_t>(text.size());
    registers_[confidence_at] = static_cast<std::uint16_t>(confidence);
    registers_[sequence_at] = static_cast<std::uint16_t>(next);
}

Pdu RegisterReader::handle(std::span<const std::uint8_t> request) {
    if (request.size() != 5 || (request[0] != 3 && request[0] != 6)) {
        return modbus_exception(request.empty() ? std::uint8_t{0} : request[0], illegal_function);
    }
    const auto address = word(request, 1);
    if (request[0] == 6) {
        if (address != acknowledge_register) {
            return modbus_exception(6, illegal_address);
        }
        acknowledged_ = static_cast<std::uint16_t>(word(request, 3));
        offer_next();
        return {request.begin(), request.end()};
    }
    const auto count = word(request, 3);
    if (count == 0 || address + count > map_size) {
        return modbus_exception(3, illegal_address);
    }
    Pdu reply{3, static_cast<std::uint8_t>(count * 2)};
    for (std::size_t i = 0; i < count; ++i) {
        const bool swapped = swapped_words && address + i >= text_at;
        const auto first = static_cast<std::uint8_t>(registers_[address + i] >> 8U);
        const auto second = static_cast<std::uint8_t>(registers_[address + i] & 0xFFU);
        reply.push_back(swapped ? second : first);
        reply.push_back(swapped ? first : second);
    }
    return reply;
}

}  // namespace portcullis::simulators
