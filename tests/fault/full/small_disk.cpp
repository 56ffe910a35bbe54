#include "tests/fault/full/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace portcullis::fault {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

void take_own_mounts() {
    const auto user = std::to_string(::geteuid());
    const auto group = std::to_string(::getegid());
    const bool root = ::geteuid() == 0;
    if (::unshare(CLONE_NEWNS | (root ? 0 : CLONE_NEWUSER)) != 0) {
        fail("cannot take mounts of its own");
    }
    if (!root) {
        std::ofstream{"/proc/self/setgroups"} << "deny";
        std::ofstream{"/proc/self/uid_map"} << user + " " + user + " 1";
        std::ofstream{"/proc/self/gid_map"} << group + " " + group + " 1";
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        fail("cannot keep its mounts to itself");
    }
}

SmallDisk::SmallDisk(std::filesystem::path folder, std::uint64_t bytes) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    const auto options = "size=" + std::to_string(bytes) + ",mode=0700";
    if (::mount("tmpfs", folder_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0) {
        fail("cannot mount a tmpfs at " + folder_.string());
    }
}

SmallDisk::~SmallDisk() {
    ::umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
    const int file = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
        fail("cannot open " + filler().string());
    }
    const std::string block(4096, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    const int error = errno;
    ::close(file);
    if (error != ENOSPC) {
        errno = error;
        fail("cannot fill " + filler().string());
    }
}

void SmallDisk::make_room() {
    std::filesystem::remove(filler());
}

}  // namespace portcullis::fault
