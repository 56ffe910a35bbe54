#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/back_off.hpp"
#include "drivers/device_context.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framing/framer.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A device that answers only when it is asked.
struct PollSettings {
    std::vector<std::uint8_t> request;  ///< as it goes over the wire
    std::chrono::milliseconds every{500};
    std::chrono::milliseconds timeout{500};  ///< of the answer; shorter than a back-off's longest pause
};

/// How to talk with the one device on a stream.
struct TalkSettings {
    FramingSettings framing;
    std::optional<PollSettings> poll;                       ///< nothing = it talks by itself
    std::optional<std::chrono::milliseconds> silent_after;  ///< a talker that is silent for longer is offline
};

/// `framing`, `check`, `poll` and `silent_after` of a profile.
[[nodiscard]] TalkSettings read_talk(const ConfigNode& profile, ConfigProblems& problems);

/// A stream whose bytes are frames, for drivers: polls, counts what is refused, and says when the device is there.
/// Online after the first good frame of a connection, offline when the connection is lost, when `silent_after` has
/// passed, or when three requests in a row had no answer: then it is asked with a back-off. Main context only.
class FramedStream {
public:
    struct Events {
        std::function<void(const Frame&)> frame;                      ///< say `good`, `answered` or `refuse` of it
        std::function<void(Instant)> opened;                          ///< or nothing
        std::function<void(const std::string& cause, Instant)> gone;  ///< or nothing; lost, silent, without answer
    };

    /// All that is given outlives this.
    FramedStream(ByteStream& stream, const DeviceContext& context, TalkSettings talk, DeviceReporter& reporter,
                 Events events);

    void start();
    void stop();

    /// The device said something that it means. `fault` = what it says is wrong with itself, or nothing.
    void good(Instant at, const std::string& fault = {});
    /// The same, and it was what it was asked for.
    void answered(Instant at, const std::string& fault = {});
    /// A frame whose content is none.
    void refuse(std::string_view kind, std::vector<std::uint8_t> bytes, Instant at);
    /// Writes beside the polls; false when it cannot be written now.
    [[nodiscard]] bool send(std::span<const std::uint8_t> bytes) { return stream_.send(bytes); }

private:
    void opened(Instant at);
    void received(std::span<const std::uint8_t> bytes, Instant at);
    void lost(const std::string& cause, Instant at);
    void ask();
    void unanswered();
    void gone(const std::string& cause, Instant at);
    void watch_silence(Instant at);

    ByteStream& stream_;
    const runtime::Clock& clock_;
    TalkSettings talk_;
    DeviceReporter& reporter_;
    Events events_;
    Framer framer_;
    Instant at_;  ///< when the bytes at hand came
    runtime::Alarm idle_;
    runtime::Alarm silent_;
    std::optional<Instant> asked_;  ///< a request waits for its answer
    runtime::Alarm poll_;           ///< the next request, or its answer's time-out
    int misses_ = 0;
    BackOff back_off_{first_pause, longest_pause};
};

}  // namespace portcullis::drivers
