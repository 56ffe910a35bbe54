#pragma once

#include <cstdint>
#include <vector>

#include "core/point.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/transport/modbus_request.hpp"

namespace portcullis::drivers {

/// The requests of one poll: all inputs that lanes use, from the first to the last, in as few requests as the module
/// takes, and before them its counters. Without an input in use the outputs are read, so that the device's health
/// still rests on good reads.
struct PollPlan {
    std::uint16_t first_bit = 0;  ///< of the inputs' table: the answer's first bit
    bool counts = false;          ///< `before` reads the counters of these inputs
    std::vector<ModbusRequest> before;
    ModbusRequest request;
    std::vector<ModbusRequest> after;

    [[nodiscard]] std::vector<ModbusRequest> all() const;
};

/// Throws std::invalid_argument for a point that the module has not: settings are checked before.
[[nodiscard]] PollPlan plan_poll(const PointsSettings& settings, const std::vector<PointSetup>& setups);

}  // namespace portcullis::drivers
