#pragma once

#include <filesystem>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

using testing::Aim;
using testing::Figures;
using testing::mean;
using testing::quantile;

struct GateBench {
    std::filesystem::path daemon;    ///< portcullisd
    std::filesystem::path profiles;  ///< config/profiles
    std::filesystem::path folder;    ///< ours
    int passages = 1000;             ///< of each kind
};

/// Edge to coil through the real daemon, interleaved with a bare program that does the same raw work in the same run;
/// then what the idle daemon costs.
void measure_gate(const GateBench& bench, Figures& figures);

}  // namespace portcullis::bench
