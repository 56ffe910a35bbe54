#include "store/state_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace portcullis::store {
namespace {

StoreFailure system_failure(const std::filesystem::path& path, const std::string& what, int error) {
    return {StoreFault::input_output,
            path.string() + ": " + what + ": " + std::error_code{error, std::generic_category()}.message()};
}

}  // namespace

Result<StateLock, StoreFailure> StateLock::take(const std::filesystem::path& directory) {
    const auto path = directory / "lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return Failure{
            system_failure(path, "cannot open; does the state directory exist and belong to the daemon?", errno)};
    }
    StateLock lock{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        return lock;
    }
    if (errno == EWOULDBLOCK) {
        return Failure{StoreFailure{StoreFault::second_daemon,
                                    path.string() + ": another portcullisd owns this state directory; stop it first"}};
    }
    return Failure{system_failure(path, "cannot lock", errno)};
}

StateLock::~StateLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

StateLock::StateLock(StateLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

std::optional<StoreFailure> sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return system_failure(directory, "cannot open", errno);
    }
    const int error = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return error == 0 ? std::nullopt : std::optional{system_failure(directory, "cannot sync", error)};
}

Result<std::filesystem::path, StoreFailure> move_aside(const std::filesystem::path& file) {
    std::filesystem::path target;
    int number = 0;
    do {
        target = file.string() + ".damaged-" + std::to_string(++number);
    } while (std::filesystem::exists(target));
    // The database before its log: one left without its log would look whole and old, and its numbers be given twice.
    for (const auto* suffix : {"", "-wal"}) {
        const std::filesystem::path from = file.string() + suffix;
        std::error_code error;
        if (std::filesystem::exists(from)) {
            std::filesystem::rename(from, target.string() + suffix, error);
        }
        if (error) {
            return Failure{system_failure(from, "is damaged and cannot be moved aside", error.value())};
        }
    }
    if (auto failure = sync_directory(file.parent_path())) {
        return Failure{std::move(*failure)};
    }
    return target;
}

}  // namespace portcullis::store
