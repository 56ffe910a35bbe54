#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// A WAGO 750-352 coupler with digital modules: inputs at 0, outputs written at 0 and read back at 512, sizes in bits,
/// and its watchdog, which nobody has armed after power on (map: config/profiles/wago-750-352.yaml). Expired, it puts
/// all outputs to 0 and refuses to write them until it is stopped.
class WagoCoupler {
public:
    enum class State : std::uint16_t { off = 0, running = 1, expired = 2 };

    WagoCoupler(boost::asio::io_context& context, std::uint16_t port, std::size_t inputs, std::size_t outputs);

    void set_input(std::size_t index, bool high) { inputs_.at(index) = high; }
    [[nodiscard]] bool output(std::size_t index) const { return outputs_.at(index); }
    /// Called when an output has changed, by a write, by the watchdog or by a restart.
    void on_output(std::function<void(std::size_t index, bool high)> changed) { changed_ = std::move(changed); }
    /// Power gone and back: outputs 0, watchdog off and forgotten, connections cut.
    void restart();

    [[nodiscard]] State watchdog() const { return state_; }
    [[nodiscard]] std::uint16_t watchdog_time() const { return time_; }
    /// Writes of outputs that were taken while no watchdog ran.
    [[nodiscard]] std::int64_t unwatched_writes() const { return unwatched_writes_; }
    /// Times that it has expired.
    [[nodiscard]] std::int64_t expired() const { return expired_; }
    [[nodiscard]] ModbusServer& server() { return server_; }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

private:
    [[nodiscard]] Pdu handle(std::span<const std::uint8_t> request);
    [[nodiscard]] Pdu read_bits(std::span<const std::uint8_t> request) const;
    [[nodiscard]] Pdu read_registers(std::span<const std::uint8_t> request) const;
    [[nodiscard]] Pdu write_coil(std::span<const std::uint8_t> request);
    [[nodiscard]] Pdu write_register(std::span<const std::uint8_t> request);
    [[nodiscard]] std::uint16_t register_at(std::size_t address) const;
    void set_output(std::size_t index, bool high);
    void all_off();
    void feed();

    std::vector<bool> inputs_;
    std::vector<bool> outputs_;
    std::function<void(std::size_t, bool)> changed_;
    State state_ = State::off;
    std::uint16_t time_ = 0;  ///< hundred milliseconds
    std::uint16_t mask_ = 0;  ///< bit n - 1: function n feeds it
    std::uint16_t trigger_ = 0;
    std::int64_t expired_ = 0;
    std::int64_t unwatched_writes_ = 0;
    boost::asio::steady_timer timer_;
    ModbusServer server_;
};

}  // namespace portcullis::simulators
