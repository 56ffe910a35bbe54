#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/modbus_link.hpp"

struct _modbus;  // libmodbus's modbus_t: its header stays in modbus_tcp_link.cpp

namespace portcullis::drivers {

/// One Modbus TCP connection. Closed after every fault but an exception, and when the peer has closed or sent what
/// nobody asked for, so that no late answer can meet a later question.
class ModbusTcpLink final : public ModbusLink {
public:
    ModbusTcpLink(Endpoint endpoint, const runtime::Clock& clock);
    ~ModbusTcpLink() override;

    void close() override;

protected:
    [[nodiscard]] std::optional<ModbusFault> ready_within(std::chrono::milliseconds limit) override;
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask_until(const ModbusRequest& request,
                                                              const Deadline& deadline) override;

private:
    [[nodiscard]] std::optional<ModbusFault> connect(std::chrono::milliseconds limit);
    [[nodiscard]] bool quiet();
    [[nodiscard]] int socket() const;
    [[nodiscard]] std::optional<ModbusFault> send(const std::vector<std::uint8_t>& frame);
    [[nodiscard]] Result<std::vector<std::uint8_t>, ModbusFault> receive(const Deadline& deadline);

    struct FreeModbus {
        void operator()(_modbus* handle) const;
    };

    Endpoint endpoint_;
    std::unique_ptr<_modbus, FreeModbus> handle_;
    std::uint16_t transaction_ = 0;
    std::uint64_t connection_ = 0;
};

}  // namespace portcullis::drivers
