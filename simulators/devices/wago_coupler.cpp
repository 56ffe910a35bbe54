#include "simulators/devices/wago_coupler.hpp"

#include <chrono>

namespace portcullis::simulators {

namespace {

constexpr std::size_t outputs_read_at = 0x200;
constexpr std::size_t time_register = 0x1000;
constexpr std::size_t mask_register = 0x1001;
constexpr std::size_t trigger_register = 0x1003;
constexpr std::size_t state_register = 0x1006;
constexpr std::size_t stop_register = 0x1008;
constexpr std::size_t output_bits_register = 0x1024;
constexpr std::size_t input_bits_register = 0x1025;
constexpr std::uint16_t stop_word = 0xAA55;
constexpr std::uint16_t other_stop_word = 0x55AA;
constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;
constexpr std::uint8_t illegal_value = 3;
constexpr std::uint8_t device_failure = 4;

std::size_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::size_t>(bytes[at] << 8U | bytes[at + 1]);
}

}  // namespace

WagoCoupler::WagoCoupler(boost::asio::io_context& context, std::uint16_t port, std::size_t inputs, std::size_t outputs)
    : inputs_(inputs),
      outputs_(outputs),
      timer_(context),
      // Its unit id is not used: it answers every one.
      server_(context, port, 0, [this](std::span<const std::uint8_t> request) { return handle(request); }) {}

Pdu WagoCoupler::handle(std::span<const std::uint8_t> request) {
    if (request.size() < 5) {
        return modbus_exception(request.empty() ? std::uint8_t{0} : request[0], illegal_value);
    }
    if (state_ == State::running && request[0] <= 16 && (unsigned{mask_} >> (unsigned{request[0]} - 1U) & 1U) != 0) {
        feed();
    }
    switch (request[0]) {
        case 1:
        case 2:
            return read_bits(request);
        case 3:
        case 4:
            return read_registers(request);
        case 5:
            return write_coil(request);
        case 6:
            return write_register(request);
        default:
            return modbus_exception(request[0], illegal_function);
    }
}

Pdu WagoCoupler::read_bits(std::span<const std::uint8_t> request) const {
    const auto address = word_at(request, 1);
    const auto count = word_at(request, 3);
    const bool of_outputs = address >= outputs_read_at;
    const auto& bits = of_outputs ? outputs_ : inputs_;
    const auto from = of_outputs ? address - outputs_read_at : address;
    if (count == 0 || from + count > bits.size()) {
        return modbus_exception(request[0], illegal_address);
    }
    Pdu reply(2 + (count + 7) / 8, 0);
    reply[0] = request[0];
    reply[1] = static_cast<std::uint8_t>((count + 7) / 8);
    for (std::size_t i = 0; i < count; ++i) {
        if (bits[from + i]) {
            reply[2 + i / 8] = static_cast<std::uint8_t>(reply[2 + i / 8] | 1U << (i % 8));
        }
    }
    return reply;
}

std::uint16_t WagoCoupler::register_at(std::size_t address) const {
    switch (address) {
        case time_register:
            return time_;
        case mask_register:
            return mask_;
        case trigger_register:
            return trigger_;
        case state_register:
            return static_cast<std::uint16_t>(state_);
        case output_bits_register:
            return static_cast<std::uint16_t>(outputs_.size());
        case input_bits_register:
            return static_cast<std::uint16_t>(inputs_.size());
        default:
            return 0;
    }
}

Pdu WagoCoupler::read_registers(std::span<const std::uint8_t> request) const {
    const auto address = word_at(request, 1);
    if (word_at(request, 3) != 1 || address < time_register || address > input_bits_register) {
        return modbus_exception(request[0], illegal_address);
    }
    const auto value = register_at(address);
    return {request[0], 2, static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
}

Pdu WagoCoupler::write_coil(std::span<const std::uint8_t> request) {
    const auto address = word_at(request, 1);
    const auto value = word_at(request, 3);
    if (address >= outputs_.size()) {
        return modbus_exception(request[0], illegal_address);
    }
    if (value != 0xFF00 && value != 0) {
        return modbus_exception(request[0], illegal_value);
    }
    if (state_ == State::expired) {
        return modbus_exception(request[0], device_failure);
    }
    unwatched_writes_ += state_ == State::running ? 0 : 1;
    set_output(address, value != 0);
    return {request.begin(), request.begin() + 5};
}

Pdu WagoCoupler::write_register(std::span<const std::uint8_t> request) {
    const auto value = static_cast<std::uint16_t>(word_at(request, 3));
    const bool running = state_ == State::running;
    switch (word_at(request, 1)) {
        case time_register:
        case mask_register: {
            if (running) {
                return modbus_exception(request[0], device_failure);
            }
            (word_at(request, 1) == time_register ? time_ : mask_) = value;
            break;
        }
        case trigger_register:
            if (value != 0 && value != trigger_ && time_ != 0 && state_ != State::expired) {
                state_ = State::running;
                feed();
            }
            trigger_ = value;
            break;
        case stop_register:
            if (value == stop_word || value == other_stop_word) {
                state_ = State::off;
                timer_.cancel();
            }
            break;
        default:
            return modbus_exception(request[0], illegal_address);
    }
    return {request.begin(), request.begin() + 5};
}

void WagoCoupler::set_output(std::size_t index, bool high) {
    if (outputs_.at(index) != high) {
        outputs_.at(index) = high;
        if (changed_) {
            changed_(index, high);
        }
    }
}

void WagoCoupler::all_off() {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        set_output(i, false);
    }
}

void WagoCoupler::feed() {
    timer_.expires_after(std::chrono::milliseconds{100} * time_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            ++expired_;
            state_ = State::expired;
            all_off();
        }
    });
}

void WagoCoupler::restart() {
    server_.go_offline();
    timer_.cancel();
    state_ = State::off;
    time_ = mask_ = trigger_ = 0;
    all_off();
    server_.go_online();
}

}  // namespace portcullis::simulators
