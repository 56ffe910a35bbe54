#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// A container-number reader behind holding registers: sequence (0), length in bytes (1), confidence (2), text from
/// 3 on, high byte first, and an acknowledge register (100) that the client sets to the sequence it has taken.
/// Sequence 0 = restarted, nothing read yet (map: config/profiles/container-registers.yaml).
class RegisterReader {
public:
    RegisterReader(boost::asio::io_context& context, std::uint16_t port, std::uint8_t unit);

    /// Offers `text`; an empty text is the reader's word for "looked and read nothing".
    void read(const std::string& text, int confidence);
    void restart();
    bool stuck = false;          ///< shows nothing new
    bool swapped_words = false;  ///< the bytes of its text stand the other way round

    [[nodiscard]] std::uint16_t acknowledged() const { return acknowledged_; }
    [[nodiscard]] ModbusServer& server() { return server_; }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

private:
    static constexpr std::size_t map_size = 35;
    static constexpr std::size_t acknowledge_register = 100;

    [[nodiscard]] Pdu handle(std::span<const std::uint8_t> request);
    void offer_next();

    std::vector<std::uint16_t> registers_ = std::vector<std::uint16_t>(map_size, 0);
    std::vector<std::pair<std::string, int>> waiting_;  ///< readings that the client has not made room for
    std::uint16_t acknowledged_ = 0;
    ModbusServer server_;
};

}  // namespace portcullis::simulators
