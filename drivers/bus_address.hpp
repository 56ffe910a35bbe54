#pragma once

#include <string>
#include <string_view>

#include "drivers/bus_settings.hpp"

namespace portcullis::drivers {

/// Where a bus is, as settings write it.
struct BusAddress {
    std::string_view transport;  ///< `modbus_tcp`, `modbus_rtu`, `serial`, …: the key of its settings
    std::string address;         ///< endpoint or path
    std::string line;            ///< how a serial line is set, or empty
};

[[nodiscard]] BusAddress address_of(const BusSettings& bus);

}  // namespace portcullis::drivers
