#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/modbus_unit.hpp"
#include "drivers/radiation/occupancy_teller.hpp"
#include "drivers/register_block.hpp"
#include "drivers/registers/register_value.hpp"

namespace portcullis::drivers {

/// Bits of a register, and what they say of the monitor.
struct FaultBits {
    std::string cause;
    std::uint16_t mask = 0;
};

/// Where a monitor keeps what it measures of one kind.
struct DetectorRegisters {
    std::uint16_t status_at = 0;
    std::uint16_t alarm = 0;     ///< bits of the status
    std::uint16_t overload = 0;  ///< more than it can count: in an occupancy an alarm, else a fault; 0 = has none
    std::uint16_t ready = 0;     ///< without it nothing is measured; 0 = has none
    std::vector<FaultBits> faults;
    NumberField count;
    NumberField background;
};

struct RadiationRegistersSettings : RegisterBlock {
    std::uint16_t inputs_at = 0;
    std::uint16_t occupied = 0;  ///< bits of the inputs
    std::vector<FaultBits> faults;
    DetectorRegisters gamma;
    DetectorRegisters neutron;
    std::uint16_t object_at = 0;  ///< counts vehicles
};

/// What one answer says.
struct RadiationScan {
    bool occupied = false;
    std::string fault;  ///< empty = it measures
    bool gamma_alarm = false;
    bool neutron_alarm = false;
    std::optional<std::int64_t> gamma_cps;
    std::optional<std::int64_t> gamma_background_cps;
    std::optional<std::int64_t> neutrons;
    std::uint16_t object = 0;
};

/// Reads the registers, or says in a word of device.bad_frame which number is none.
[[nodiscard]] Result<RadiationScan, std::string_view> scan_of(const RadiationRegistersSettings& settings,
                                                              std::span<const std::uint16_t> registers);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_radiation_registers(const ConfigNode& options, const ConfigNode& profile,
                                                                   ConfigProblems& problems);

/// A portal monitor that is polled. The bits of an alarm are kept over the whole occupancy; a counter of vehicles that
/// went on while nothing was seen tells of an occupancy that fell between two polls, which is incomplete.
class RadiationRegisters final : public Device {
public:
    RadiationRegisters(ModbusBus& bus, const DeviceContext& context, RadiationRegistersSettings settings);

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
    void follow(const RadiationScan& scan, Instant at);

    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    RadiationRegistersSettings settings_;
    OccupancyTeller teller_;
    std::optional<std::uint16_t> object_;
    bool told_gamma_ = false;    ///< the bit stands since an occupancy that was told, and is no news
    bool told_neutron_ = false;  ///< likewise
    bool counted_ = false;       ///< the counter went on in the occupancy that is open
    bool count_owed_ = false;    ///< it did not, in the last one: it may go on afterwards
    std::int64_t most_neutrons_ = 0;
    ModbusUnit unit_;
};

}  // namespace portcullis::drivers
