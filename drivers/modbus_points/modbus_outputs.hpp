#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/device.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/modbus_unit.hpp"
#include "drivers/modbus_write.hpp"

namespace portcullis::drivers {

/// The coils of an I/O module that lanes use. Each command is written once, read back, and answered once. A pulse is
/// ended by us; its end is tried again until it is proved, because an opening contact must not stay closed. The safe
/// state is written at the first contact and at an ordered stop.
class ModbusOutputs {
public:
    ModbusOutputs(ModbusUnit& unit, const DeviceContext& context, const PointsSettings& settings,
                  const std::vector<PointSetup>& setups);

    void perform(const PointCommand& command, CommandDone done);
    void withdraw(CommandId command);
    /// After every good read: what could not be written before is written now.
    void device_answers();
    /// The device has restarted: nothing stands as it was written.
    void device_restarted();
    /// Out of service by hand: as at an ordered stop, but it may come back, as after a start.
    void park();
    void unpark();
    /// Answers what waits, ends pulses, writes the safe state.
    void stop();
    void add_to(DeviceView& view) const;

private:
    struct Output {
        PointSetup setup;
        std::uint16_t coil = 0;
        std::uint16_t readback = 0;
        Signal read_back = Signal::unknown;
        std::optional<Instant> read_at = std::nullopt;
        bool commanded = false;  ///< a lane has moved it: the start's safe state is not for it any more
        std::optional<Instant> pulse_ends = std::nullopt;  ///< a pulse is running, or may be
        std::uint16_t pulse_address = 0;                   ///< of a pulse that the device ends
        bool ending = false;                               ///< the write of its end waits for the bus
    };
    struct Pending {
        PointCommand command;
        CommandDone done;
        Instant asked;
        /// Its worker looks at it right before the write.
        std::shared_ptr<std::atomic<bool>> withdrawn = std::make_shared<std::atomic<bool>>(false);
    };

    [[nodiscard]] std::string why_not(const PointCommand& command, const Output* output) const;
    [[nodiscard]] CoilWrite coil_write(const Output& output, bool on) const;
    /// Makes the writes in this order until nobody answers, and calls `written` for each that was tried.
    using Written = void (ModbusOutputs::*)(const PointName&, const CoilWritten&);
    [[nodiscard]] bool write_all(const std::vector<std::pair<PointName, CoilWrite>>& writes, Written written);
    void submit(Pending pending, Output& output);
    void command_written(CommandId id, const CoilWritten& written);
    void answer(const Pending& pending, CommandResult result) const;
    void read_back(Output& output, const CoilWritten& written) const;
    void rest();
    void owe_safe_state();
    void end_pulses();
    void pulse_ended(const PointName& point, const CoilWritten& written);
    void write_safe_state();
    void safe_state_written(const PointName& point, const CoilWritten& written);

    ModbusUnit& unit_;
    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    runtime::Log log_;
    InputImage& image_;
    std::map<PointName, Output> outputs_;
    std::map<CommandId, Pending> pending_;
    std::map<PointName, SafeOutput> safe_state_due_;  ///< outputs whose safe state is not proved yet
    bool safe_state_waits_ = false;
    Instant safe_state_not_before_;
    runtime::RepeatBound trouble_;
    std::int64_t pulses_ended_ = 0;
    std::optional<PointsProfile::Outputs::Pulse> device_pulse_;
    bool parked_ = false;
    /// Set at stop: what waits in the worker is not written any more.
    std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<ModbusOutputs*> self_ = std::make_shared<ModbusOutputs*>(this);
    runtime::Alarm pulse_due_;
};

}  // namespace portcullis::drivers
