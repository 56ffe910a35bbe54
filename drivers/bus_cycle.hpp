#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "drivers/transport/line_settings.hpp"
#include "drivers/transport/modbus_request.hpp"

/// Whether a Modbus bus has the time for what its devices ask of it: arithmetic, before anything is opened.
namespace portcullis::drivers {

/// Something asked again and again.
struct RepeatedRequest {
    std::size_t sent = 0;      ///< bytes of function and data
    std::size_t answered = 0;  ///< likewise
    std::chrono::milliseconds every{};
};

[[nodiscard]] RepeatedRequest repeated(const ModbusRequest& request, std::chrono::milliseconds every);

/// What one device asks of its bus while its lane is busy. No requests: it is not polled.
struct BusShare {
    std::vector<RepeatedRequest> requests;
    std::chrono::milliseconds timeout{};       ///< of one answer
    std::chrono::milliseconds slowest_poll{};  ///< while its lane is idle
    std::chrono::milliseconds stale_after{};
};

struct DeviceOnBus {
    std::string name;
    BusShare share;
};

/// How long one request takes from the first byte sent until the line is free again. On a serial line: its bytes with
/// address and check at the line's speed, 3.5 characters of silence after each frame (1.75 ms above 19,200 baud), and
/// 2 ms for the unit to answer. Without a line (TCP): a round trip of 2 ms.
[[nodiscard]] std::chrono::microseconds time_on_bus(const RepeatedRequest& request,
                                                    const std::optional<LineSettings>& line);

/// What is wrong with a bus, and what to do.
struct BusProblem {
    std::string what;
    std::string help;
};

/// More asked than the bus has time for, or one lost answer of a device makes the values of another one stale.
[[nodiscard]] std::vector<BusProblem> check_bus(const std::vector<DeviceOnBus>& devices,
                                                const std::optional<LineSettings>& line);

}  // namespace portcullis::drivers
