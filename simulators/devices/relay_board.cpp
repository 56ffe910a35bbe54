#include "simulators/devices/relay_board.hpp"

#include <chrono>

namespace portcullis::simulators {

namespace {

constexpr std::size_t pulse_on_at = 0x200;
constexpr std::chrono::milliseconds pulse_step{100};
constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;
constexpr std::uint8_t illegal_value = 3;

std::size_t value_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::size_t>(bytes[at] << 8U | bytes[at + 1]);
}

}  // namespace

RelayBoard::RelayBoard(boost::asio::io_context& context) {
    for (auto& timer : pulses_) {
        timer = std::make_unique<boost::asio::steady_timer>(context);
    }
}

Pdu RelayBoard::answer(std::span<const std::uint8_t> request) {
    if (request.size() != 5) {
        return modbus_exception(request.empty() ? std::uint8_t{0} : request[0], illegal_function);
    }
    switch (request[0]) {
        case 1:
            return read(request);
        case 5:
            return write(request);
        default:
            return modbus_exception(request[0], illegal_function);
    }
}

Pdu RelayBoard::read(std::span<const std::uint8_t> request) const {
    const auto address = value_at(request, 1);
    const auto count = value_at(request, 3);
    if (count == 0 || address + count > relays) {
        return modbus_exception(1, illegal_address);
    }
    std::uint8_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
        bits = static_cast<std::uint8_t>(bits | (on_.at(address + i) ? 1U << i : 0U));
    }
    return {1, 1, bits};
}

Pdu RelayBoard::write(std::span<const std::uint8_t> request) {
    const auto address = value_at(request, 1);
    const auto value = value_at(request, 3);
    if (address < relays) {
        if (value != 0xFF00 && value != 0) {
            return modbus_exception(5, illegal_value);
        }
        pulses_.at(address)->cancel();
        set(address, value != 0);
    } else if (address >= pulse_on_at && address < pulse_on_at + relays) {
        pulse(address - pulse_on_at, value);
    } else {
        return modbus_exception(5, illegal_address);
    }
    return {request.begin(), request.end()};
}

void RelayBoard::set(std::size_t index, bool on) {
    if (on_.at(index) != on) {
        on_.at(index) = on;
        if (changed_) {
            changed_(index, on);
        }
    }
}

void RelayBoard::pulse(std::size_t index, std::size_t steps) {
    set(index, true);
    auto& timer = *pulses_.at(index);
    timer.expires_after(pulse_step * static_cast<int>(steps));
    timer.async_wait([this, index](const boost::system::error_code& error) {
        if (!error) {
            ++pulses_ended_;
            set(index, false);
        }
    });
}

void RelayBoard::restart() {
    for (std::size_t i = 0; i < relays; ++i) {
        pulses_.at(i)->cancel();
        set(i, false);
    }
}

}  // namespace portcullis::simulators
