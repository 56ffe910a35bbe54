#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/back_off.hpp"
#include "drivers/device.hpp"
#include "drivers/device_context.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/modbus_unit_settings.hpp"
#include "drivers/modbus_write.hpp"
#include "drivers/transport/modbus_bus.hpp"
#include "drivers/unit_care/unit_care.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// Reads one unit again and again, backs off from a dead one, and keeps its health: online after a good read, offline
/// when the last good read is `stale_after` old (never by the socket), fault when the device itself refuses or is not
/// what its profile says. Asks first what its `UnitCare` wants: what the device is, its settings, its heartbeat. Main
/// context only, but for `at_wire`.
class ModbusUnit {
public:
    /// At most three requests together: a piece of work on a bus is bounded.
    struct Poll {
        ModbusBus::Priority priority = ModbusBus::Priority::input;
        std::vector<ModbusRequest> before{};  ///< read right before it; their registers come first in the answer
        ModbusRequest request;                ///< its time is the answer's
        std::vector<ModbusRequest> after{};   ///< read right after it; what they read follows in the answer
        std::function<void(const ModbusAnswer&)> at_wire;  ///< in the worker: only atomics; may be empty
        std::function<bool(const ModbusAnswer&)> good;     ///< true = read again at once (two equal reads)
        std::function<void(Instant)> stale;                ///< once, with the time at which the last read became stale
        /// The device works again: whoever heard of its fault has to hear anew what it sees.
        std::function<void()> tell_again{};
        std::function<void()> restarted{};  ///< the device has restarted: nothing stands as it was written
    };

    ModbusUnit(ModbusBus& bus, const DeviceContext& context, ModbusUnitSettings settings, Poll poll,
               CareProfile care = {}, UnitCare::Points points = {});

    void start(ObservationSink sink);
    /// No more polls and reports.
    void stop();
    void pace(Pace pace);
    /// No more polls, and back as after a start.
    void disable();
    void enable();

    /// The last good read is fresh.
    [[nodiscard]] bool fresh() const { return fresh_; }
    /// The device is what its profile says and holds its settings: outputs may be trusted.
    [[nodiscard]] bool proven() const { return care_.proven(); }
    /// Why not, though it answers.
    [[nodiscard]] const std::string& doubt() const { return care_.fault(); }
    [[nodiscard]] bool disabled() const { return disabled_; }
    /// The device answers and says itself that it does not work; until cleared it is not called online.
    void set_fault(std::string cause);
    void clear_fault();

    [[nodiscard]] const ModbusUnitSettings& settings() const { return settings_; }
    /// For a write: what has to be read right before it.
    [[nodiscard]] std::optional<WriteProof> write_proof() const;
    [[nodiscard]] const CareProfile& care() const { return care_.profile(); }
    [[nodiscard]] ModbusBus& bus() { return bus_; }
    [[nodiscard]] DeviceReporter& reporter() { return reporter_; }
    [[nodiscard]] const DeviceReporter& reporter() const { return reporter_; }

private:
    using Answer = Result<ModbusAnswer, ModbusFault>;
    using Answered = void (ModbusUnit::*)(const Answer&, const std::vector<BadFrame>&);

    void next();
    void ask(ModbusBus::Priority priority, std::function<Answer(ModbusLink&)> work, Answered answered);
    void ask_care(const ModbusRequest& request);
    void ask_poll();
    void care_answered(const Answer& result, const std::vector<BadFrame>& frames);
    void poll_answered(const Answer& result, const std::vector<BadFrame>& frames);
    void look_at_care(Instant at);
    void heard(const ModbusAnswer& answer);
    void good(const ModbusAnswer& answer);
    void failed(const ModbusFault& fault);
    void check_age();
    [[nodiscard]] std::chrono::milliseconds every() const;
    [[nodiscard]] Instant now() const { return clock_.now().instant; }

    ModbusBus& bus_;
    const runtime::Clock& clock_;
    ModbusUnitSettings settings_;
    Poll poll_;
    UnitCare care_;
    DeviceReporter reporter_;
    BackOff back_off_{first_pause, longest_pause};
    Pace pace_ = Pace::busy;
    Instant poll_due_;
    Instant not_before_;  ///< of anything, after nobody has answered
    Instant last_good_;   // or the start
    std::uint64_t connection_ = 0;
    std::uint64_t life_ = 0;  ///< counts out of service and back: what was asked before is not heard after
    bool asking_ = false;
    bool fresh_ = false;
    bool gone_stale_ = false;
    bool stopped_ = false;
    bool disabled_ = false;
    bool repeated_ = false;
    bool refused_ = false;  // the last answer was an exception: the device is there
    std::string fault_;
    std::string last_cause_{"never answered"};
    runtime::Alarm due_;
    runtime::Alarm age_due_;
    std::shared_ptr<ModbusUnit*> self_;
};

}  // namespace portcullis::drivers
