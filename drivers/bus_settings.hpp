#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/config_node.hpp"
#include "core/credential.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/line_port.hpp"
#include "drivers/transport/line_settings.hpp"

namespace portcullis::drivers {

struct ModbusTcpSettings {
    Endpoint endpoint;
};
/// RTU units on a local port.
struct ModbusRtuSettings {
    std::string path;
    LineSettings line;
    std::optional<Rs485> direction;  ///< switched by the kernel; nothing = the adapter switches it by itself
    bool local_echo = false;         ///< the adapter gives back what we send
};
/// RTU units behind a terminal server: frames with their CRC and without MBAP.
struct ModbusRtuOverTcpSettings {
    Endpoint endpoint;
};
struct SerialSettings {
    std::string path;
    LineSettings line;
};
struct TcpStreamSettings {
    Endpoint endpoint;
};
/// A camera, asked over HTTP.
struct HttpSettings {
    Endpoint endpoint;
    Credential credential;
};
/// Where readers push what they read to, over HTTP.
struct HttpListenSettings {
    Endpoint endpoint;
    Credential credential;  ///< that they must show
};
/// `{ modbus_tcp: 192.0.2.10:502 }`, `{ modbus_rtu: /dev/serial/by-path/…, line: 19200 8E1 }`,
/// `{ modbus_rtu_over_tcp: 192.0.2.12:4001 }`, `{ serial: /dev/serial/by-path/…, line: 9600 8N1 }`, `{ tcp:
/// 192.0.2.11:4001 }`,
/// `{ http: http://192.0.2.20 }` or `{ http_listen: 192.0.2.1:8085 }`.
using BusSettings = std::variant<ModbusTcpSettings, ModbusRtuSettings, ModbusRtuOverTcpSettings, SerialSettings,
                                 TcpStreamSettings, HttpSettings, HttpListenSettings>;

/// What can be on a bus: units that are asked, one device that talks by itself, a camera, readers that push.
enum class BusKind : std::uint8_t { modbus, stream, http, http_listen };
[[nodiscard]] BusKind kind_of(const BusSettings& bus);

/// One bus of the settings file; nothing, and problems, when it is wrong.
[[nodiscard]] std::optional<BusSettings> read_bus(const ConfigNode& node, ConfigProblems& problems);

}  // namespace portcullis::drivers
