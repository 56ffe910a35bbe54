#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/time.hpp"
#include "drivers/transport/modbus_request.hpp"
#include "drivers/unit_care/care_profile.hpp"

namespace portcullis::drivers {

/// What has to be asked of a module beside its points, and when: what it is before the first poll, its settings
/// (read, written when they differ, read back), its heartbeat, and whether it has restarted, after which its settings
/// are written again. Outputs are trusted only while `proven`. Pure: requests out, answers in, one at a time.
class UnitCare {
public:
    /// How many points the device has in use, for probes that count them.
    struct Points {
        std::int64_t inputs = 0;
        std::int64_t outputs = 0;
    };

    UnitCare(CareProfile profile, std::uint8_t unit, Points points);

    enum class Turn : std::uint8_t { ask, poll, wait };
    struct Due {
        Turn turn = Turn::poll;
        ModbusRequest request{};  ///< of `ask`
        Instant until{};          ///< of `wait`: nothing to ask before
    };
    /// What the unit does next. After `ask` comes `answered` or `refused`, or `due` again when nobody has answered.
    [[nodiscard]] Due due(Instant now);
    /// When something is to be asked though no poll is due, if nothing changes.
    [[nodiscard]] std::optional<Instant> next_ask() const;

    void answered(const ModbusValues& values, Instant at);
    /// The device itself refuses the question.
    void refused(const std::string& cause, Instant at);
    /// The device was away: another may have come in its place.
    void away();
    /// A new connection: the device may have restarted meanwhile.
    void reconnected() { watch_due_ = Instant{}; }

    /// It is the right product, holds its settings, and its watchdog runs.
    [[nodiscard]] bool proven() const { return proven_; }
    /// Why it is not to be trusted though it answers; empty otherwise.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] const DeviceIdentity& identity() const { return identity_; }
    /// Why the device is known to have restarted, once.
    [[nodiscard]] std::optional<std::string> take_restart();

    /// A read that tells, right before a write, whether the device still is as it was proven; nothing where no
    /// register tells it.
    [[nodiscard]] std::optional<ModbusRequest> proof_request() const;
    /// Whether its answer says so. What the device told last is given along: this runs in the bus's worker.
    [[nodiscard]] std::function<bool(const std::vector<std::uint16_t>&)> proof() const;

    [[nodiscard]] const CareProfile& profile() const { return profile_; }

private:
    enum class Kind : std::uint8_t { probe, uptime, state, clear, look, write, check, beat };
    struct Task {
        Kind kind = Kind::probe;
        std::size_t index = 0;
    };

    void begin();
    void plan_settings();
    void plan_watch();
    void plan_clear();
    [[nodiscard]] ModbusRequest request_for(const Task& task);
    void probe_told(const IdentityProbe& probe, const std::vector<std::uint16_t>& values, Instant at);
    void uptime_told(const std::vector<std::uint16_t>& values, Instant at);
    void state_told(const std::vector<std::uint16_t>& values, Instant at);
    void setting_told(const Task& task, const std::vector<std::uint16_t>& values, Instant at);
    void restarted(std::string how);
    void give_up(std::string why, std::chrono::milliseconds pause, Instant at);
    void settle(Instant at);

    CareProfile profile_;
    std::uint8_t unit_;
    Points points_;
    std::deque<Task> tasks_;
    bool known_ = false;  ///< its identity is right: it may be polled
    bool proven_ = false;
    std::string fault_;
    DeviceIdentity identity_;
    std::optional<std::string> restart_;
    std::optional<std::int64_t> uptime_;
    bool runs_ = false;        ///< the watchdog ran when it was last looked at
    bool confirming_ = false;  ///< settings are written: the watchdog has to run now
    std::uint16_t beat_ = 0;
    Instant again_at_;  ///< after a fault: not before
    Instant beat_due_;
    Instant watch_due_;
};

}  // namespace portcullis::drivers
