#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// What the file system and the device under a directory say of themselves.
struct DiskLook {
    std::uint64_t free_bytes = 0;  ///< for us: what only root may use is not counted
    std::uint64_t total_bytes = 0;
    /// Of the device's rated life used, in steps of 100; nothing where it does not tell. eMMC does
    /// (JESD84-B51 DEVICE_LIFE_TIME_EST, as sysfs `life_time`).
    std::optional<int> wear_permille;
};

[[nodiscard]] Result<DiskLook, StoreFailure> look_at_disk(const std::filesystem::path& directory);

/// The worse of both estimates in a line of sysfs `life_time` (`0x02 0x01`), permille; nothing when it says nothing.
[[nodiscard]] std::optional<int> wear_of_life_time(std::string_view line);

}  // namespace portcullis::store
