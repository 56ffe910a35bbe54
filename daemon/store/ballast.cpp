#include "store/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "store/disk.hpp"

namespace portcullis::store {

namespace {

StoreFailure failure(const std::filesystem::path& file, const std::string& what, int error) {
    return {error == ENOSPC ? StoreFault::full : StoreFault::input_output,
            file.string() + ": " + what + ": " + std::generic_category().message(error)};
}

/// The file's blocks are taken, not only its length: a copied state directory may bring one with holes.
bool is_whole(const std::filesystem::path& file, std::uint64_t bytes) {
    constexpr std::uint64_t block = 512;  // of st_blocks, whatever the file system's are
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 && static_cast<std::uint64_t>(found.st_size) == bytes &&
           static_cast<std::uint64_t>(found.st_blocks) * block >= bytes;
}

}  // namespace

Ballast::Ballast(const std::filesystem::path& directory, std::uint64_t bytes)
    : file_(directory / "ballast"), bytes_(bytes), whole_(bytes == 0 || is_whole(file_, bytes)) {}

std::optional<StoreFailure> Ballast::restore() {
    if (whole_) {
        return std::nullopt;
    }
    const auto disk = look_at_disk(file_.parent_path());
    if (!disk) {
        return disk.error();
    }
    if (disk->free_bytes < bytes_ + bytes_ / 2) {
        return failure(file_, "no room for it yet", ENOSPC);
    }
    const int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return failure(file_, "cannot open", errno);
    }
    int error = ::ftruncate(descriptor, 0) == 0 ? 0 : errno;
    if (error == 0) {
        error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes_));
    }
    if (error == 0 && ::fsync(descriptor) != 0) {
        error = errno;
    }
    ::close(descriptor);
    if (error != 0) {
        ::unlink(file_.c_str());
        return failure(file_, "cannot keep room", error);
    }
    whole_ = true;
    return std::nullopt;
}

std::optional<StoreFailure> Ballast::give() {
    whole_ = bytes_ == 0;
    if (::unlink(file_.c_str()) != 0 && errno != ENOENT) {
        return failure(file_, "cannot give its room away", errno);
    }
    return std::nullopt;
}

}  // namespace portcullis::store
