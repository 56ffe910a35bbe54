#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/config_node.hpp"
#include "drivers/bus_cycle.hpp"
#include "drivers/unit_care/care_profile.hpp"

namespace portcullis::drivers {

/// What a technician says of one unit of a Modbus bus.
struct ModbusUnitSettings {
    std::uint8_t unit = 1;
    std::chrono::milliseconds poll{20};
    std::chrono::milliseconds idle_poll{20};     ///< while nothing happens there; never shorter than `poll`
    std::chrono::milliseconds timeout{300};      ///< for one answer
    std::chrono::milliseconds stale_after{500};  ///< default: the larger of 3 idle polls and 500 ms
};

/// `unit`, `poll`, `idle_poll`, `timeout`, `stale_after` of a device. `default_poll` when it names none; `default_idle`
/// likewise, where `poll` is not slower.
[[nodiscard]] ModbusUnitSettings read_modbus_unit(const ConfigNode& options, std::chrono::milliseconds default_poll,
                                                  ConfigProblems& problems,
                                                  std::chrono::milliseconds default_idle = {});

/// What a unit asks of its bus: `requests` each poll, and what its care asks by itself.
[[nodiscard]] BusShare share_of(const ModbusUnitSettings& unit, const CareProfile& care,
                                const std::vector<ModbusRequest>& requests);

/// The same keys as YAML writes them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> written(const ModbusUnitSettings& unit);

}  // namespace portcullis::drivers
