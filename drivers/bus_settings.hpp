#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/config_node.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/line_settings.hpp"

namespace portcullis::drivers {

struct ModbusTcpSettings {
    Endpoint endpoint;
};
struct SerialSettings {
    std::string path;
    LineSettings line;
};
struct TcpStreamSettings {
    Endpoint endpoint;
};
/// `{ modbus_tcp: 192.0.2.10:502 }`, `{ serial: /dev/serial/by-path/…, line: 9600 8N1 }` or `{ tcp: 192.0.2.11:4001 }`.
using BusSettings = std::variant<ModbusTcpSettings, SerialSettings, TcpStreamSettings>;

/// What can be on a bus: units that are asked, or one device that talks by itself.
enum class BusKind : std::uint8_t { modbus, stream };
[[nodiscard]] BusKind kind_of(const BusSettings& bus);

/// One bus of the settings file; nothing, and problems, when it is wrong.
[[nodiscard]] std::optional<BusSettings> read_bus(const ConfigNode& node, ConfigProblems& problems);

}  // namespace portcullis::drivers
