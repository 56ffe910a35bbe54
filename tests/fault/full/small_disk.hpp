#pragma once

#include <cstdint>
#include <filesystem>

namespace portcullis::fault {

/// A disk of a few MiB (a tmpfs) that only this process and its children see, and that can be filled to the last byte.
class SmallDisk {
public:
    /// Mounts it at `folder`, which is made. Throws std::system_error; without the right to mount its code is EPERM.
    SmallDisk(std::filesystem::path folder, std::uint64_t bytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    SmallDisk(SmallDisk&&) = delete;
    SmallDisk& operator=(SmallDisk&&) = delete;

    /// Somebody else's data takes what is free.
    void fill();
    /// It is removed.
    void make_room();

private:
    [[nodiscard]] std::filesystem::path filler() const { return folder_ / "somebody-elses-data"; }
    std::filesystem::path folder_;
};

/// Gives this process mounts of its own: as root at once, otherwise as root of a user namespace. Before any thread.
void take_own_mounts();

}  // namespace portcullis::fault
