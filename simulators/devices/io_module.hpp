#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// An Advantech ADAM-6050: 12 inputs at coils 0–11 with their counters, 6 outputs at coils 16–21, and its communication
/// watchdog, which puts outputs to their fail-safe value when no packet came for the host idle time (map:
/// config/profiles).
class IoModule {
public:
    static constexpr std::size_t input_count = 12;
    static constexpr std::size_t output_count = 6;

    struct Watchdog {
        std::chrono::milliseconds host_idle{0};           ///< 0 = off
        std::array<bool, output_count> fail_safe_high{};  ///< the channel ticked "FSV"
    };

    IoModule(boost::asio::io_context& context, std::uint16_t port, Watchdog watchdog);

    void set_input(std::size_t index, bool high) {
        if (stuck) {
            return;
        }
        counts_.at(index) += high && !inputs_.at(index) ? 1U : 0U;
        inputs_.at(index) = high;
    }
    /// What its counter of rising edges holds, 32 bits, low word first at register 2 x index.
    void set_count(std::size_t index, std::uint32_t count) { counts_.at(index) = count; }
    /// The product that it says it is, at register 210.
    void set_name(std::uint16_t name) { name_ = name; }
    [[nodiscard]] bool input(std::size_t index) const { return inputs_.at(index); }
    [[nodiscard]] bool output(std::size_t index) const { return outputs_.at(index); }
    /// Called when an output has changed, by a write or by the watchdog.
    void on_output(std::function<void(std::size_t index, bool high)> changed) { changed_ = std::move(changed); }
    /// Called at every write of an output before it is answered, with the value to be written.
    void before_write(std::function<void(std::size_t index, bool high)> writing) { writing_ = std::move(writing); }
    /// Power gone and back: outputs low, connections cut.
    void restart();
    bool stuck = false;  ///< its inputs stay for ever as they were when this began

    [[nodiscard]] ModbusServer& server() { return server_; }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    /// Times that the watchdog has fired.
    [[nodiscard]] std::int64_t watchdog_fired() const { return watchdog_fired_; }

private:
    [[nodiscard]] Pdu handle(std::span<const std::uint8_t> request);
    [[nodiscard]] Pdu read_bits(std::span<const std::uint8_t> request) const;
    [[nodiscard]] Pdu write_coil(std::span<const std::uint8_t> request);
    [[nodiscard]] Pdu write_coils(std::span<const std::uint8_t> request);
    [[nodiscard]] Pdu read_registers(std::span<const std::uint8_t> request) const;
    [[nodiscard]] bool bit(std::size_t address) const;
    void write(std::size_t index, bool high);
    void set_output(std::size_t index, bool high);
    void fed();
    void fire_watchdog();

    Watchdog watchdog_;
    boost::asio::steady_timer watchdog_timer_;
    std::array<bool, input_count> inputs_{};
    std::array<bool, output_count> outputs_{};
    std::array<std::uint32_t, input_count> counts_{};
    std::uint16_t name_ = 0x6050;
    std::function<void(std::size_t, bool)> changed_;
    std::function<void(std::size_t, bool)> writing_;
    std::int64_t watchdog_fired_ = 0;
    ModbusServer server_;
};

}  // namespace portcullis::simulators
