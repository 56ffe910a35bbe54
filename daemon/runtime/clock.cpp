#include "runtime/clock.hpp"

#include <sys/stat.h>
#include <sys/timex.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace portcullis::runtime {

namespace {

constexpr const char* boot_id_file = "/proc/sys/kernel/random/boot_id";

/// systemd-timesyncd touches it at every correction.
constexpr const char* timesync_file = "/run/systemd/timesync/synchronized";

std::chrono::nanoseconds read(clockid_t clock) {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        throw std::system_error(errno, std::generic_category(), "clock_gettime");
    }
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

KernelClock read_timesync_file() {
    struct stat file {};
    if (::stat(timesync_file, &file) != 0) {
        return {.readable = true};
    }
    const auto corrected = std::chrono::seconds{file.st_mtim.tv_sec} + std::chrono::nanoseconds{file.st_mtim.tv_nsec};
    return clock_corrected_since(read(CLOCK_REALTIME) - corrected);
}

KernelClock read_kernel_clock() {
    timex state{};  // modes = 0: only asks
    if (::adjtimex(&state) < 0) {
        return errno == EPERM ? read_timesync_file() : KernelClock{};
    }
    return {.readable = true, .unsynchronised = (state.status & STA_UNSYNC) != 0, .max_error_us = state.maxerror};
}

}  // namespace

Now SystemClock::now() const {
    // BOOTTIME, not MONOTONIC: a deadline must also pass while the machine is suspended.
    const auto wall = std::chrono::floor<std::chrono::milliseconds>(read(CLOCK_REALTIME));
    return {.instant = Instant{read(CLOCK_BOOTTIME)},
            .wall = WallTime{wall},
            .clock_state = clock_state_of(read_kernel_clock())};
}

KernelClock clock_corrected_since(std::chrono::nanoseconds age) {
    constexpr std::int64_t drift_us_per_second = 500;  // what the kernel assumes (500 ppm)
    const auto seconds = std::chrono::floor<std::chrono::seconds>(age).count();
    return {.readable = true, .unsynchronised = false, .max_error_us = std::abs(seconds) * drift_us_per_second};
}

ClockState clock_state_of(const KernelClock& kernel) {
    // A time daemon corrects at least every 2048 s, in which the kernel's maximum error grows by about 1 s.
    constexpr std::int64_t holdover_from_us = 2'000'000;
    if (!kernel.readable || kernel.unsynchronised) {
        return ClockState::unsynchronised;
    }
    return kernel.max_error_us < holdover_from_us ? ClockState::synchronised : ClockState::holdover;
}

BootId read_boot_id() {
    std::ifstream file{boot_id_file};
    std::string text;
    std::getline(file, text);
    text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
    const auto id = BootId::parse(text);
    if (!id) {
        throw std::runtime_error(std::string{boot_id_file} + " does not hold a boot id; is /proc mounted?");
    }
    return *id;
}

}  // namespace portcullis::runtime
