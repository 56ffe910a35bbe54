#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "drivers/device.hpp"
#include "drivers/modbus_points/input_tracker.hpp"
#include "drivers/modbus_points/modbus_outputs.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/modbus_unit.hpp"

namespace portcullis::drivers {

/// Inputs and coils of an I/O module: reads all inputs that lanes use with one request.
class ModbusPoints final : public Device {
public:
    ModbusPoints(ModbusBus& bus, const DeviceContext& context, const PointsSettings& settings,
                 const std::vector<PointSetup>& setups);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void withdraw(CommandId command) override;
    [[nodiscard]] DeviceView view() const override;

private:
    struct Input {
        PointName name;
        std::uint16_t bit = 0;  ///< of the poll's answer
        bool reads_when_on = true;
        InputTracker tracker;
        std::optional<Instant> read_at;
        InputImage::Cell* cell = nullptr;
    };

    void add_inputs(const DeviceContext& context, const std::vector<PointSetup>& setups);
    [[nodiscard]] ModbusUnit::Poll poll();
    [[nodiscard]] bool read(const ModbusAnswer& answer);
    void stale(Instant at);
    void look_at_watchdog(const ModbusAnswer& answer);
    /// Nothing = the module has not told: what was known stays.
    void watchdog_seen(std::optional<bool> fired);

    PointsSettings settings_;
    std::uint16_t first_ = 0;  ///< bits of the poll: from, and how many
    std::uint16_t count_ = 0;
    std::vector<Input> inputs_;
    std::optional<std::uint64_t> watched_connection_;  ///< in which the watchdog's alarm was looked at
    std::optional<Instant> watch_again_;
    std::shared_ptr<ModbusPoints*> self_ = std::make_shared<ModbusPoints*>(this);
    ModbusUnit unit_;
    ModbusOutputs outputs_;
};

}  // namespace portcullis::drivers
