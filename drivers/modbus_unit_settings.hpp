#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/config_node.hpp"

namespace portcullis::drivers {

/// What a technician says of one unit of a Modbus bus.
struct ModbusUnitSettings {
    std::uint8_t unit = 1;
    std::chrono::milliseconds poll{20};
    std::chrono::milliseconds timeout{300};      ///< for one answer
    std::chrono::milliseconds stale_after{500};  ///< default: the larger of 3 polls and 500 ms
};

/// `unit`, `poll`, `timeout`, `stale_after` of a device. `default_poll` when it names none.
[[nodiscard]] ModbusUnitSettings read_modbus_unit(const ConfigNode& options, std::chrono::milliseconds default_poll,
                                                  ConfigProblems& problems);

/// The same keys as YAML writes them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> written(const ModbusUnitSettings& unit);

}  // namespace portcullis::drivers
