#pragma once

#include <functional>
#include <memory>

#include "drivers/back_off.hpp"
#include "drivers/device_context.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/modbus_unit_settings.hpp"
#include "drivers/transport/modbus_bus.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// Reads one unit again and again with one request, backs off from a dead one, and keeps its health: online after a
/// good read, offline when the last good read is `stale_after` old (never by the socket), fault when the device itself
/// refuses. Main context only, but for `at_wire`.
class ModbusUnit {
public:
    struct Poll {
        ModbusBus::Priority priority = ModbusBus::Priority::input;
        ModbusRequest request;
        std::function<void(const ModbusAnswer&)> at_wire;  ///< in the worker: only atomics; may be empty
        std::function<bool(const ModbusAnswer&)> good;     ///< true = read again at once (two equal reads)
        std::function<void(Instant)> stale;                ///< once, with the time at which the last read became stale
    };

    ModbusUnit(ModbusBus& bus, const DeviceContext& context, ModbusUnitSettings settings, Poll poll);

    void start(ObservationSink sink);
    /// No more polls and reports.
    void stop();

    /// The last good read is fresh.
    [[nodiscard]] bool fresh() const { return fresh_; }
    /// The device answers and says itself that it does not work; until cleared it is not called online.
    void set_fault(std::string cause);
    void clear_fault();

    [[nodiscard]] const ModbusUnitSettings& settings() const { return settings_; }
    [[nodiscard]] ModbusBus& bus() { return bus_; }
    [[nodiscard]] DeviceReporter& reporter() { return reporter_; }
    [[nodiscard]] const DeviceReporter& reporter() const { return reporter_; }

private:
    void submit();
    void answered(const Result<ModbusAnswer, ModbusFault>& result, const std::vector<BadFrame>& frames);
    void good(const ModbusAnswer& answer);
    void failed(const ModbusFault& fault);
    void check_age();
    [[nodiscard]] Instant now() const { return clock_.now().instant; }

    ModbusBus& bus_;
    const runtime::Clock& clock_;
    ModbusUnitSettings settings_;
    Poll poll_;
    DeviceReporter reporter_;
    BackOff back_off_{first_pause, longest_pause};
    Instant last_due_;
    Instant last_good_;  // or the start
    bool fresh_ = false;
    bool gone_stale_ = false;
    bool stopped_ = false;
    bool repeated_ = false;
    bool refused_ = false;  // the last answer was an exception: the device is there
    std::string fault_;
    std::string last_cause_{"never answered"};
    runtime::Alarm due_;
    runtime::Alarm age_due_;
    std::shared_ptr<ModbusUnit*> self_;
};

}  // namespace portcullis::drivers
