#include "runtime/clock.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace portcullis::runtime {

namespace {

constexpr const char* boot_id_file = "/proc/sys/kernel/random/boot_id";

std::chrono::nanoseconds read(clockid_t clock) {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        throw std::system_error(errno, std::generic_category(), "clock_gettime");
    }
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

KernelClock read_kernel_clock() {
    timex state{};  // modes = 0: only asks
    if (::adjtimex(&state) < 0) {
        return {};
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
