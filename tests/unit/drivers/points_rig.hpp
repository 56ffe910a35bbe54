#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "device_rig.hpp"
#include "tests/support/modbus_stub.hpp"

namespace portcullis::testing {

using namespace std::chrono_literals;
using Act = ModbusStub::Act;
using Reply = ModbusStub::Reply;

inline constexpr const char* adam = "advantech-adam-6050";
/// For tests on a machine that is busy: late is not lost.
inline constexpr const char* patient = "poll: 10 ms, timeout: 1 s, stale_after: 4 s";
inline constexpr std::size_t first_output = 16;
inline constexpr std::uint8_t write_function = 5;

inline PointSetup input(const std::string& point) {
    return {.point = PointName{point}, .direction = Direction::input};
}

inline PointSetup output(const std::string& point, SafeOutput safe = SafeOutput::off) {
    return {.point = PointName{point}, .direction = Direction::output, .safe = safe};
}

inline std::string bus_of(const ModbusStub& stub) {
    return "{ modbus_tcp: 127.0.0.1:" + std::to_string(stub.port()) + " }";
}

/// An ADAM-6050 on a bus of its own.
struct PointsRig : DeviceRig {
    ModbusStub stub;
    std::optional<CommandResult> result;

    drivers::Device& add_io(const std::vector<PointSetup>& setups, const std::string& name = "io", int unit = 1) {
        return add(name, bus_of(stub), "{ unit: " + std::to_string(unit) + ", " + patient + " }", adam, setups);
    }
    /// Wired closed = clear, as a fail-safe loop is: the bit is 1 while nothing is there.
    void set_clear(std::size_t bit) { stub.set_bit(bit, true); }
    void set_occupied(std::size_t bit) { stub.set_bit(bit, false); }

    [[nodiscard]] bool seen(const std::string& point, Signal signal, std::uint8_t reads) const {
        const auto all_seen = all<InputSeen>("io", point);
        return !all_seen.empty() && all_seen.back().signal == signal && all_seen.back().equal_reads == reads;
    }
    [[nodiscard]] std::vector<Bytes> writes_of(std::size_t coil) {
        auto requests = stub.requests();
        std::erase_if(requests,
                      [coil](const Bytes& request) { return request[7] != write_function || request[9] != coil; });
        return requests;
    }
    [[nodiscard]] std::vector<bool> written(std::size_t coil) {
        std::vector<bool> values;
        for (const auto& request : writes_of(coil)) {
            values.push_back(request[10] == 0xFF);
        }
        return values;
    }
    CommandResult perform(drivers::Device& device, drivers::PointCommand command) {
        command.id = {++commands};
        command.not_after = clock.now().instant + 1h;
        result.reset();
        device.perform(command, [this](const CommandResult& done) {
            REQUIRE_FALSE(result);
            result = done;
        });
        CHECK_FALSE(result);  // never answered within the call
        until([this] { return result.has_value(); });
        CHECK(result->id == command.id);
        return *result;
    }
    std::uint64_t commands = 0;
};

}  // namespace portcullis::testing
