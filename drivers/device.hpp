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
#include "core/sign.hpp"

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

/// A passage wants a picture of itself: answered by exactly one `Picture` of it, later, with or without one.
struct CaptureRequest {
    PassageId passage;
    Instant not_after;  ///< an answer that comes later says `timeout`
};

/// How much happens where a device is. Polls follow it: fast while a vehicle may be there, slower while nothing is.
enum class Pace : std::uint8_t { busy, idle };

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
    bool disabled = false;          ///< out of service by hand
    std::optional<std::chrono::milliseconds> clock_skew;  ///< its own clock less ours, when it last showed it
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

    /// Busy from the start. A device that is not polled has no pace.
    virtual void pace(Pace /*pace*/) {}

    /// Out of service by hand, and back. Away: no polls, pulses end, outputs go to their safe state, commands are
    /// answered `failed`, nothing is reported. Back: as after a start. What a driver without polls says meanwhile is
    /// dropped by whoever took it out of service.
    virtual void disable() {}
    virtual void enable() {}

    /// A camera fetches a picture; a newer request ends the one before it, whose answer says so. Readers that trigger
    /// themselves, and other devices, do nothing and answer nothing.
    virtual void capture(const CaptureRequest& /*request*/) {}

    /// A sign shows this from now on, and again after each reconnect; the newest counts. Other devices show nothing.
    virtual void show(const SignFace& /*face*/) {}

    [[nodiscard]] virtual DeviceView view() const = 0;
};

}  // namespace portcullis::drivers
