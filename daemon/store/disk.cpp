#include "store/disk.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

#include "store/state_directory.hpp"

namespace portcullis::store {

namespace {

/// Of a whole device; of a partition it stands one folder up.
std::optional<int> wear_of(dev_t device) {
    const auto folder = "/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device)) + "/";
    for (const auto* place : {"device/life_time", "../device/life_time"}) {
        if (const auto wear = wear_of_life_time(read_small_file(folder + place))) {
            return wear;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<int> wear_of_life_time(std::string_view line) {
    constexpr int step = 100;       // each is a tenth of the rated life
    constexpr int exceeded = 0x0b;  // beyond the rated life
    std::optional<int> worst;
    for (std::size_t at = line.find("0x"); at != std::string_view::npos; at = line.find("0x", at + 2)) {
        int estimate = 0;
        const auto* const from = line.data() + at + 2;
        const auto read = std::from_chars(from, line.data() + line.size(), estimate, 16);
        if (read.ec == std::errc{} && read.ptr != from && estimate >= 1 && estimate <= exceeded) {
            worst = std::max(worst.value_or(0), estimate * step);
        }
    }
    return worst;
}

Result<DiskLook, StoreFailure> look_at_disk(const std::filesystem::path& directory) {
    struct statvfs room {};
    struct stat place {};
    if (::statvfs(directory.c_str(), &room) != 0 || ::stat(directory.c_str(), &place) != 0) {
        return Failure{StoreFailure{StoreFault::input_output, directory.string() + ": cannot ask for its room: " +
                                                                  std::generic_category().message(errno)}};
    }
    return DiskLook{std::uint64_t{room.f_bavail} * room.f_frsize, std::uint64_t{room.f_blocks} * room.f_frsize,
                    wear_of(place.st_dev)};
}

}  // namespace portcullis::store
