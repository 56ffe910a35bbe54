#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "drivers/bad_frame.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/modbus_frame.hpp"
#include "runtime/clock.hpp"

struct _modbus;  // libmodbus's modbus_t: its header stays in modbus_link.cpp

namespace portcullis::drivers {

/// A good answer.
struct ModbusAnswer {
    ModbusValues values;
    Instant at;                        ///< taken at the wire
    std::chrono::milliseconds took{};  ///< from the question
    std::uint64_t connection = 0;      ///< counts the connections of this link
};

/// Why there is no good answer.
struct ModbusFault {
    enum class Kind : std::uint8_t { not_sent, exception, no_answer };
    Kind kind = Kind::not_sent;  ///< `no_answer`: sent, and nothing is known of what the device did with it
    std::string cause;
};

/// One Modbus TCP connection, blocking: only its bus's Worker calls it. Closed after every fault but an exception, so
/// that no late answer can meet a later question; connects by itself at the next.
class ModbusLink {
public:
    ModbusLink(Endpoint endpoint, const runtime::Clock& clock);
    ~ModbusLink();
    ModbusLink(const ModbusLink&) = delete;
    ModbusLink& operator=(const ModbusLink&) = delete;

    /// Connects when it is not connected, or when the peer has closed or sent what nobody asked for. An actuating
    /// write does this first, so that its last look at clock and sensors comes right before its bytes.
    [[nodiscard]] std::optional<ModbusFault> make_ready();

    /// Makes ready and asks.
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> exchange(const ModbusRequest& request,
                                                             std::chrono::milliseconds timeout);
    /// Asks once on the connection that stands, and waits at most `timeout` for the whole answer.
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask(const ModbusRequest& request,
                                                        std::chrono::milliseconds timeout);
    void close();

    /// Frames refused since the last call.
    [[nodiscard]] std::vector<BadFrame> take_bad_frames();

private:
    [[nodiscard]] std::optional<ModbusFault> connect();
    [[nodiscard]] bool quiet();
    [[nodiscard]] int socket() const;
    [[nodiscard]] std::optional<ModbusFault> send(const std::vector<std::uint8_t>& frame);
    [[nodiscard]] Result<std::vector<std::uint8_t>, ModbusFault> receive(std::chrono::milliseconds timeout);
    void refuse(std::string_view kind, std::vector<std::uint8_t> bytes);

    struct FreeModbus {
        void operator()(_modbus* handle) const;
    };

    Endpoint endpoint_;
    const runtime::Clock& clock_;
    std::unique_ptr<_modbus, FreeModbus> handle_;
    std::uint16_t transaction_ = 0;
    std::uint64_t connection_ = 0;
    std::vector<BadFrame> bad_frames_;
};

}  // namespace portcullis::drivers
