#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"

namespace portcullis::run {

struct RecordPlan {
    std::filesystem::path folder;
    std::filesystem::path daemon;
    std::filesystem::path sources;
    std::size_t passages = 1000;
    std::size_t gates = 2;
    std::size_t lanes_per_gate = 16;
    std::uint64_t seed = 1;
};

struct RecordResult {
    std::int64_t passages = 0;
    std::int64_t unserved = 0;  ///< released, and no arm went up in time
    std::int64_t arm_ups = 0;
    std::vector<std::string> without_record;
    std::vector<std::string> troubles;
};

/// Random shortened passages on real daemons; at every arm-up write the journal is looked at before it is answered.
[[nodiscard]] RecordResult check_records(const RecordPlan& plan, const runtime::Clock& clock,
                                         const std::function<bool()>& enough);

}  // namespace portcullis::run
