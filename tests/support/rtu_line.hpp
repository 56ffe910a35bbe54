#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "simulators/devices/register_bank.hpp"

namespace portcullis::testing {

/// A serial line with Modbus RTU units that answer as a script says: honestly, wrongly, late, slowly or not at all.
/// The master side of a pty on plain POSIX calls, so that it shares no fault with the code under test; its own thread,
/// because that code blocks. Every unit id has the same registers. Questions have 8 bytes, as functions 1 to 6.
class RtuLine {
public:
    using Bytes = std::vector<std::uint8_t>;

    /// Bytes that go out some time after the question; later pieces may overtake none.
    struct Piece {
        Bytes bytes;
        std::chrono::microseconds after{0};
        bool pulls_out = false;  ///< the cable, instead
    };
    /// The question and the honest answer, both whole frames. Runs on the line's thread.
    using Script = std::function<std::vector<Piece>(const Bytes& question, const Bytes& honest)>;

    RtuLine();
    ~RtuLine();
    RtuLine(const RtuLine&) = delete;
    RtuLine& operator=(const RtuLine&) = delete;

    /// The slave's name; another one after a replug.
    [[nodiscard]] std::string path() const;
    void script(Script script);
    void honest() { script(nullptr); }
    /// Works on the units' registers while nobody asks.
    void change(const std::function<void(simulators::RegisterBank&)>& change);
    /// Bytes that nobody has asked for, now.
    void say(const Bytes& bytes);
    /// The same again and again, or (without bytes) no longer.
    void babble(Bytes bytes, std::chrono::microseconds every);
    void unplug();
    void replug();
    [[nodiscard]] std::vector<Bytes> questions() const;

    /// `frame` with its CRC.
    [[nodiscard]] static Bytes with_check(Bytes frame);

private:
    using Clock = std::chrono::steady_clock;
    void open();
    void close();
    void run();
    void take();
    void send_due();
    void send(const Bytes& bytes) const;

    mutable std::mutex mutex_;  // guards everything below
    int master_ = -1;
    int slave_ = -1;  // keeps the line up while nobody has it open
    std::string path_;
    Script script_;
    simulators::RegisterBank bank_;
    std::vector<Bytes> questions_;
    Bytes heard_;
    struct Due {
        Clock::time_point at;
        Bytes bytes;
        bool pulls_out = false;
    };
    std::deque<Due> due_;
    Bytes babbled_;
    std::chrono::microseconds babble_every_{0};
    Clock::time_point babble_at_;
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

}  // namespace portcullis::testing
