#include "store/state_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
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

std::string read_small_file(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::string text(4096, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

std::optional<StoreFailure> write_small_file(const std::filesystem::path& file, std::string_view text) {
    const auto fresh = file.string() + ".new";
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return system_failure(fresh, "cannot open", errno);
    }
    errno = ENOSPC;  // what a write that is cut short means
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    const int error = written ? 0 : errno;
    ::close(descriptor);
    if (error != 0 || ::rename(fresh.c_str(), file.c_str()) != 0) {
        return system_failure(fresh, "cannot write", error != 0 ? error : errno);
    }
    return sync_directory(file.parent_path());
}

}  // namespace portcullis::store
