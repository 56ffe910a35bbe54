#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "tests/fault/support/memory_disk.hpp"

namespace portcullis::fault {

/// Every state in which a power cut can leave a disk, from the notes of what was asked of it. A sync makes what was
/// asked of its file before it lasting; of the rest any part may be there, whole or in sectors of 512 bytes.
class CrashImages {
public:
    /// `random`: states with a random part of what was not synced, at each cut point; as many again with torn sectors.
    CrashImages(DiskImage before, int random, std::uint32_t seed);

    /// Calls `state` with each image that a cut after the first `n` operations may leave.
    using State = std::function<void(std::size_t cut_point, const DiskImage&)>;
    void each(const std::vector<DiskOperation>& operations, const State& state);

private:
    void states_at(std::size_t cut_point, const State& state);
    [[nodiscard]] DiskImage all_but_torn_last() const;
    [[nodiscard]] DiskImage random_part(bool torn);

    DiskImage lasting_;
    std::vector<DiskOperation> pending_;
    int random_;
    std::mt19937 dice_;
};

}  // namespace portcullis::fault
