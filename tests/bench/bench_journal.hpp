#pragma once

#include <filesystem>

#include "tests/support/figures.hpp"

namespace portcullis::bench {

struct JournalBench {
    std::filesystem::path folder;  ///< ours, on the disk to be measured
    int commits = 20'000;          ///< of each kind
};

/// Commits of one event each through store::Journal, in turn with a bare SQLite loop that has the same settings and
/// writes the same bytes to a table of the same shape, in the same run on the same disk.
void measure_journal(const JournalBench& bench, testing::Figures& figures);

}  // namespace portcullis::bench
