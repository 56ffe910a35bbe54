#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// A Waveshare-type board of eight relays: coils from 0 on, and function 5 at 0x0200 + channel with n as its value =
/// on for n x 100 ms, then off by itself. Nothing ends what is on (map: config/profiles/waveshare-rtu-relay-8.yaml).
/// A handler for a server of either kind.
class RelayBoard {
public:
    static constexpr std::size_t relays = 8;

    explicit RelayBoard(boost::asio::io_context& context);

    [[nodiscard]] Pdu answer(std::span<const std::uint8_t> request);
    [[nodiscard]] bool relay(std::size_t index) const { return on_.at(index); }
    /// Called when a relay has changed.
    void on_relay(std::function<void(std::size_t index, bool on)> changed) { changed_ = std::move(changed); }
    /// Pulses that the board itself has ended.
    [[nodiscard]] std::int64_t pulses_ended() const { return pulses_ended_; }
    /// Power gone and back: all off.
    void restart();

private:
    [[nodiscard]] Pdu read(std::span<const std::uint8_t> request) const;
    [[nodiscard]] Pdu write(std::span<const std::uint8_t> request);
    void set(std::size_t index, bool on);
    void pulse(std::size_t index, std::size_t steps);

    std::array<bool, relays> on_{};
    std::array<std::unique_ptr<boost::asio::steady_timer>, relays> pulses_;
    std::function<void(std::size_t, bool)> changed_;
    std::int64_t pulses_ended_ = 0;
};

}  // namespace portcullis::simulators
