#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis::runtime {

/// Where time comes from. `now()` may be called from any thread.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    /// Both clocks at once. Read when an event is taken and passed along, never read again for the same event.
    [[nodiscard]] virtual Now now() const = 0;
};

/// The machine's clocks: CLOCK_BOOTTIME, CLOCK_REALTIME, and the kernel's word on its synchronisation.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Now now() const override;
};

/// What the kernel says of its clock: the fields of struct timex that matter here.
struct KernelClock {
    bool readable = false;          ///< adjtimex answered
    bool unsynchronised = true;     ///< STA_UNSYNC
    std::int64_t max_error_us = 0;  ///< grows by 500 ppm while nobody corrects the clock
};

/// The same, where a sandbox (systemd's ProtectClock=) forbids adjtimex: from the age of the last correction.
[[nodiscard]] KernelClock clock_corrected_since(std::chrono::nanoseconds age);

/// `holdover` = was synchronised, and has not been corrected for so long that the error may exceed 2 s.
[[nodiscard]] ClockState clock_state_of(const KernelClock& kernel);

/// This boot's id. Throws std::runtime_error when the kernel does not tell it: a start-up error.
[[nodiscard]] BootId read_boot_id();

}  // namespace portcullis::runtime
