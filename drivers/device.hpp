#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/observation.hpp"
#include "core/point.hpp"

namespace portcullis::drivers {

/// One output to move. Never retried; not written after `not_after`.
struct PointCommand {
    CommandId id{};
    PointName point{};
    OutputAct act = OutputAct::off;
    std::chrono::milliseconds pulse{};  ///< of `OutputAct::pulse`
    Instant not_after{};
    /// Inputs that must be freshly clear right before the write, on any bus; otherwise the answer is `withdrawn`.
    std::vector<PointRef> must_be_clear{};
};

/// A point as last seen. Never shown as current without `at`.
struct PointView {
    PointName point;
    Direction direction = Direction::input;
    Signal signal = Signal::unknown;
    std::optional<Instant> at;
};

/// A device as dashboards and `portcullis status` show it; never evidence.
struct DeviceView {
    std::optional<DeviceState> state;  ///< nothing until something is known
    std::string cause;
    std::optional<Instant> since;      ///< of the state
    std::optional<Instant> last_good;  ///< last good read
    std::int64_t polls = 0;
    std::int64_t errors = 0;
    std::int64_t readings = 0;
    std::int64_t bad_frames = 0;
    std::int64_t pulses_ended = 0;  ///< pulses that the daemon has ended, each proved by its read back
    std::vector<PointView> points;
};

using ObservationSink = std::function<void(const Observation&)>;
using CommandDone = std::function<void(const CommandResult&)>;

/// One configured device: bytes to observations, commands to bytes. Knows neither lanes nor rules.
///
/// For whoever writes a driver: everything here runs on the main Asio context and never blocks; what blocks runs in
/// the bus's Worker. Line faults are observations and results, not exceptions. `HealthChanged` on change only, and
/// `online` only after real contact in this connection. The time of an observation is taken at the wire. Every wait
/// is bounded.
class Device {
public:
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    /// Begins to connect, write the safe state, and report. Called once.
    virtual void start(ObservationSink sink) = 0;

    /// Ends polls and pulses and writes the safe state, which is done when the bus has stopped. Nothing is reported
    /// afterwards; commands that wait are answered `unknown`: one of them may be on the wire.
    virtual void stop() = 0;

    /// Moves an output and answers exactly once, later, on the main context. Readers answer `failed`.
    virtual void perform(const PointCommand& command, CommandDone done) = 0;

    /// A command that waits is not written any more, and is answered `withdrawn`. One that is unknown, or on the wire
    /// already, is left alone; readers have none.
    virtual void withdraw(CommandId /*command*/) {}

    [[nodiscard]] virtual DeviceView view() const = 0;
};

}  // namespace portcullis::drivers
