#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/load_scanner/load_teller.hpp"
#include "drivers/modbus_unit.hpp"
#include "drivers/register_block.hpp"
#include "drivers/registers/register_value.hpp"

namespace portcullis::drivers {

/// A line scanner that keeps its result as a number in registers.
struct LoadRegistersSettings : RegisterBlock {
    NumberField result;
    std::map<std::int64_t, LoadSeen> values;  ///< what it shows, and what that means
};

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_load_registers(const ConfigNode& options, const ConfigNode& profile,
                                                              ConfigProblems& problems);

/// What it showed last ends with its last good read; a number that its profile does not know means nothing known.
class LoadRegisters final : public Device {
public:
    LoadRegisters(ModbusBus& bus, const DeviceContext& context, LoadRegistersSettings settings);

    void start(ObservationSink sink) override { unit_.start(std::move(sink)); }
    void stop() override { unit_.stop(); }
    void perform(const PointCommand& command, CommandDone done) override;
    void pace(Pace pace) override { unit_.pace(pace); }
    void disable() override;
    void enable() override { unit_.enable(); }
    [[nodiscard]] DeviceView view() const override { return unit_.reporter().view(); }

private:
    [[nodiscard]] ModbusUnit::Poll poll();
    void read(const ModbusAnswer& answer);

    boost::asio::io_context& main_;
    LoadRegistersSettings settings_;
    ModbusUnit unit_;
    LoadTeller teller_;
};

}  // namespace portcullis::drivers
