#include "simulators/devices/tag_station.hpp"

#include <numeric>
#include <stdexcept>

namespace portcullis::simulators {

namespace {

constexpr std::uint8_t header = 0xA0;
constexpr std::uint8_t address = 0x01;
constexpr std::uint8_t inventory = 0x89;

std::uint8_t check_over(const std::vector<std::uint8_t>& bytes) {
    return static_cast<std::uint8_t>(0U - std::accumulate(bytes.begin(), bytes.end(), 0U));
}

std::uint8_t digit_at(const std::string& hex, std::size_t at) {
    const auto value = std::string_view{"0123456789ABCDEF"}.find(hex.at(at));
    if (value == std::string_view::npos) {
        throw std::invalid_argument{"'" + hex + "' is no EPC in hex"};
    }
    return static_cast<std::uint8_t>(value);
}

}  // namespace

TagStation::TagStation(boost::asio::io_context& context) : line_(context) {
    line_.on_bytes([this](std::string_view bytes) { heard(bytes); });
}

void TagStation::heard(std::string_view bytes) {
    constexpr std::size_t longest = 64;
    asked_ += bytes;
    while (!asked_.empty()) {
        const auto length = asked_.size() < 2 ? 0U : static_cast<unsigned char>(asked_[1]) + 2U;
        if (static_cast<unsigned char>(asked_[0]) != header || length > longest) {
            asked_.erase(0, 1);
            continue;
        }
        if (length == 0 || asked_.size() < length) {
            return;
        }
        const std::vector<std::uint8_t> frame(asked_.begin(), asked_.begin() + length);
        asked_.erase(0, length);
        const std::vector<std::uint8_t> before(frame.begin(), frame.end() - 1);
        // A request whose check is wrong gets no answer at all.
        if (frame.back() == check_over(before) && length > 4 && frame[3] == inventory && !faults.mute) {
            answer_round();
        }
    }
}

void TagStation::answer_round() {
    ++rounds_;
    if (faults.error) {
        send({address, inventory, 0x22});
        return;
    }
    for (const auto& [epc, antenna] : in_view_) {
        const auto words = static_cast<std::uint8_t>(epc.size() / 4 << 3U);
        std::vector<std::uint8_t> body{address, inventory, antenna, words, 0};
        for (std::size_t at = 0; at + 1 < epc.size(); at += 2) {
            body.push_back(static_cast<std::uint8_t>(digit_at(epc, at) << 4U | digit_at(epc, at + 1)));
        }
        body.push_back(0x45);
        send(std::move(body));
    }
    const auto count = static_cast<std::uint8_t>(in_view_.size());
    send({address, inventory, 0, 0, 0x11, 0, 0, 0, count});
}

void TagStation::send(Octets body) {
    Octets frame{header, static_cast<std::uint8_t>(body.size() + 1)};
    frame.insert(frame.end(), body.begin(), body.end());
    frame.push_back(check_over(frame));
    frame.back() = static_cast<std::uint8_t>(frame.back() + (faults.wrong_check ? 1 : 0));
    if (faults.cut_after > 0 && static_cast<std::size_t>(faults.cut_after) < frame.size()) {
        frame.resize(static_cast<std::size_t>(faults.cut_after));
    }
    if (faults.noise) {
        frame.insert(frame.begin(), 0x5A);
    }
    line_.send({reinterpret_cast<const char*>(frame.data()), frame.size()});
}

}  // namespace portcullis::simulators
