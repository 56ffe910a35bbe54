#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/device.hpp"
#include "drivers/modbus_points/input_tracker.hpp"
#include "drivers/modbus_points/modbus_outputs.hpp"
#include "drivers/modbus_points/poll_plan.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/modbus_points/pulse_counter.hpp"
#include "drivers/modbus_unit.hpp"

namespace portcullis::drivers {

/// Inputs and coils of an I/O module: reads all inputs that lanes use with one request, where the module takes so many
/// at once, and before them its counters of edges, if it has any.
class ModbusPoints final : public Device {
public:
    ModbusPoints(ModbusBus& bus, const DeviceContext& context, const PointsSettings& settings,
                 const std::vector<PointSetup>& setups);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void withdraw(CommandId command) override;
    void pace(Pace pace) override { unit_.pace(pace); }
    void disable() override;
    void enable() override;
    [[nodiscard]] DeviceView view() const override;

private:
    struct Input {
        PointName name;
        std::uint16_t bit = 0;  ///< of the poll's answer
        bool reads_when_on = true;
        InputTracker tracker;
        PulseCounter counter;
        std::optional<Instant> read_at;
        InputImage::Cell* cell = nullptr;
    };

    void add_inputs(const DeviceContext& context, const std::vector<PointSetup>& setups);
    [[nodiscard]] ModbusUnit::Poll poll();
    [[nodiscard]] std::function<void(const ModbusAnswer&)> at_wire() const;
    [[nodiscard]] bool read(const ModbusAnswer& answer);
    void tell(Input& input, Signal signal, Instant at);
    [[nodiscard]] std::uint64_t counted(const ModbusAnswer& answer, const Input& input) const;
    void stale(Instant at);
    void restarted();
    void look_at_watchdog(const ModbusAnswer& answer);
    /// Nothing = the module has not told: what was known stays.
    void watchdog_seen(std::optional<bool> fired);

    PointsSettings settings_;
    PollPlan plan_;
    std::vector<Input> inputs_;
    std::optional<std::uint64_t> watched_connection_;  ///< in which the watchdog's alarm was looked at
    std::optional<Instant> watch_again_;
    std::shared_ptr<ModbusPoints*> self_ = std::make_shared<ModbusPoints*>(this);
    ModbusUnit unit_;
    ModbusOutputs outputs_;
};

}  // namespace portcullis::drivers
