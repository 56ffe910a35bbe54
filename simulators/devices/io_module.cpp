#include "simulators/devices/io_module.hpp"

namespace portcullis::simulators {

namespace {

constexpr std::size_t first_output = 0x10;
constexpr std::size_t map_end = first_output + IoModule::output_count;
constexpr std::size_t name_register = 210;  ///< module name, two words: 0x6050 0x0000
constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;
constexpr std::uint8_t illegal_value = 3;

std::size_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::size_t>(bytes[at] << 8U | bytes[at + 1]);
}

}  // namespace

IoModule::IoModule(boost::asio::io_context& context, std::uint16_t port, Watchdog watchdog)
    : watchdog_(watchdog),
      watchdog_timer_(context),
      server_(context, port, 1, [this](std::span<const std::uint8_t> request) { return handle(request); }) {
    server_.on_traffic([this] { fed(); });
}

Pdu IoModule::handle(std::span<const std::uint8_t> request) {
    if (request.size() < 5) {
        return modbus_exception(request.empty() ? std::uint8_t{0} : request[0], illegal_value);
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
        case 15:
            return write_coils(request);
        default:
            return modbus_exception(request[0], illegal_function);
    }
}

bool IoModule::bit(std::size_t address) const {
    if (address < input_count) {
        return inputs_[address];
    }
    return address >= first_output && address < map_end && outputs_[address - first_output];
}

Pdu IoModule::read_bits(std::span<const std::uint8_t> request) const {
    const auto address = word(request, 1);
    const auto count = word(request, 3);
    if (count == 0 || address + count > map_end) {
        return modbus_exception(request[0], illegal_address);
    }
    Pdu reply(2 + (count + 7) / 8, 0);
    reply[0] = request[0];
    reply[1] = static_cast<std::uint8_t>((count + 7) / 8);
    for (std::size_t i = 0; i < count; ++i) {
        if (bit(address + i)) {
            reply[2 + i / 8] = static_cast<std::uint8_t>(reply[2 + i / 8] | 1U << (i % 8));
        }
    }
    return reply;
}

Pdu IoModule::read_registers(std::span<const std::uint8_t> request) const {
    const auto address = word(request, 1);
    const auto count = word(request, 3);
    Pdu reply{request[0], static_cast<std::uint8_t>(2 * count)};
    const auto put = [&reply](std::uint32_t value) {
        reply.push_back(static_cast<std::uint8_t>(value >> 8U & 0xFFU));
        reply.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    };
    if (address == name_register && count == 2) {
        put(name_);
        put(0);
        return reply;
    }
    if (count == 0 || address + count > 2 * input_count) {
        return modbus_exception(request[0], illegal_address);
    }
    for (auto at = address; at < address + count; ++at) {
        put(at % 2 == 0 ? counts_.at(at / 2) : counts_.at(at / 2) >> 16U);
    }
    return reply;
}

Pdu IoModule::write_coil(std::span<const std::uint8_t> request) {
    const auto address = word(request, 1);
    const auto value = word(request, 3);
    if (address < first_output || address >= map_end) {
        return modbus_exception(request[0], illegal_address);
    }
    if (value != 0xFF00 && value != 0) {
        return modbus_exception(request[0], illegal_value);
    }
    write(address - first_output, value != 0);
    return {request.begin(), request.begin() + 5};
}

Pdu IoModule::write_coils(std::span<const std::uint8_t> request) {
    const auto address = word(request, 1);
    const auto count = word(request, 3);
    const bool sized = request.size() == 6 + (count + 7) / 8;
    if (count == 0 || address < first_output || address + count > map_end || !sized) {
        return modbus_exception(request[0], illegal_address);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = static_cast<unsigned>(request[6 + i / 8]);
        write(address - first_output + i, (bits >> (i % 8) & 1U) != 0);
    }
    return {request.begin(), request.begin() + 5};
}

void IoModule::write(std::size_t index, bool high) {
    if (writing_) {
        writing_(index, high);
    }
    set_output(index, high);
}

void IoModule::set_output(std::size_t index, bool high) {
    if (outputs_.at(index) != high) {
        outputs_.at(index) = high;
        if (changed_) {
            changed_(index, high);
        }
    }
}

void IoModule::fed() {
    if (watchdog_.host_idle.count() == 0) {
        return;
    }
    watchdog_timer_.expires_after(watchdog_.host_idle);
    watchdog_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            fire_watchdog();
        }
    });
}

void IoModule::fire_watchdog() {
    ++watchdog_fired_;
    for (std::size_t i = 0; i < output_count; ++i) {
        set_output(i, watchdog_.fail_safe_high.at(i));
    }
}

void IoModule::restart() {
    server_.go_offline();
    watchdog_timer_.cancel();
    for (std::size_t i = 0; i < output_count; ++i) {
        set_output(i, false);
    }
    server_.go_online();
}

}  // namespace portcullis::simulators
