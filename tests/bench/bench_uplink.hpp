#pragma once

#include <filesystem>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

struct UplinkBench {
    std::filesystem::path daemon;     ///< portcullisd
    std::filesystem::path profiles;   ///< config/profiles
    std::filesystem::path folder;     ///< ours; needs some 3 KiB of disk an event
    std::int64_t events = 1'000'000;  ///< stored before the daemon starts
};

/// A long journal drained by the real daemon through mosquitto to the reference consumer, while its lanes work; before
/// and after it, in the same run, a bare Paho publisher of the same bytes to the same broker and consumer.
void measure_uplink(const UplinkBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
