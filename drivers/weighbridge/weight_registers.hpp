#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/modbus_unit.hpp"
#include "drivers/register_block.hpp"
#include "drivers/registers/register_value.hpp"
#include "drivers/weighbridge/weight_frame.hpp"
#include "drivers/weighbridge/weight_teller.hpp"

namespace portcullis::drivers {

/// A weight transmitter that keeps weight and status in registers: both are read in one request, or motion and value
/// would disagree.
struct WeightRegistersSettings : RegisterBlock {
    NumberField weight;  ///< kilograms, with `least` and `most`: a wrong word order shows there
    // Bits, each nothing where the transmitter has none.
    std::optional<NumberField> works;  ///< set = its data are good
    std::optional<NumberField> over;
    std::optional<NumberField> under;
    std::optional<NumberField> net;  ///< set = the weight is the net one
    std::optional<NumberField> motion;
    std::optional<std::chrono::milliseconds> steady_for;  ///< of one without a bit for motion
};

/// What these registers say, or the kind of bad frame that they are. Pure.
[[nodiscard]] Result<WeightFrame, std::string_view> weight_in(const WeightRegistersSettings& settings,
                                                              std::span<const std::uint16_t> registers);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_weight_registers(const ConfigNode& options, const ConfigNode& profile,
                                                                ConfigProblems& problems);

class WeightRegisters final : public Device {
public:
    WeightRegisters(ModbusBus& bus, const DeviceContext& context, WeightRegistersSettings settings);

    void start(ObservationSink sink) override { unit_.start(std::move(sink)); }
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void pace(Pace pace) override { unit_.pace(pace); }
    void disable() override;
    void enable() override { unit_.enable(); }
    [[nodiscard]] DeviceView view() const override { return unit_.reporter().view(); }

private:
    [[nodiscard]] ModbusUnit::Poll poll();
    void read(const ModbusAnswer& answer);

    boost::asio::io_context& main_;
    WeightRegistersSettings settings_;
    ModbusUnit unit_;
    WeightTeller teller_;
};

}  // namespace portcullis::drivers
