#include "store/evidence_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "store/disk.hpp"
#include "store/state_directory.hpp"

namespace portcullis::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* half_written = ".new";

StoreFailure failure_at(const fs::path& path, const std::string& what, int error) {
    return {error == ENOSPC || error == EDQUOT ? StoreFault::full : StoreFault::input_output,
            path.string() + ": " + what + ": " + std::generic_category().message(error)};
}

/// The folder is there, and its name is durable.
std::optional<StoreFailure> make_folder(const fs::path& folder) {
    std::error_code error;
    const bool made = fs::create_directory(folder, error);
    if (error) {
        return failure_at(folder, "cannot make the folder", error.value());
    }
    return made ? sync_directory(folder.parent_path()) : std::nullopt;
}

int write_whole(int descriptor, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : ENOSPC;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

fs::path EvidenceFiles::path_of(const Hash256& sha256) const {
    const auto name = hex_text(sha256);
    return folder_ / name.substr(0, 2) / name;
}

std::optional<StoreFailure> EvidenceFiles::put(const Hash256& sha256, std::span<const std::uint8_t> bytes) const {
    const auto path = path_of(sha256);
    for (const auto& folder : {folder_, path.parent_path()}) {
        if (auto failure = make_folder(folder)) {
            return failure;
        }
    }
    const auto disk = look_at_disk(folder_);
    if (!disk) {
        return disk.error();
    }
    if (disk->free_bytes < keep_free_ + bytes.size()) {
        return failure_at(path, "the room that is left belongs to the journal", ENOSPC);
    }
    const auto fresh = path.string() + half_written;
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return failure_at(fresh, "cannot open", errno);
    }
    int error = write_whole(descriptor, bytes);
    ::close(descriptor);
    if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(fresh.c_str());
        return failure_at(fresh, "cannot write", error);
    }
    return sync_directory(path.parent_path());
}

std::optional<StoreFailure> EvidenceFiles::remove(const Hash256& sha256) const {
    const auto path = path_of(sha256);
    if (::unlink(path.c_str()) != 0) {
        return errno == ENOENT ? std::nullopt : std::optional{failure_at(path, "cannot remove", errno)};
    }
    return sync_directory(path.parent_path());
}

Result<std::vector<std::uint8_t>, StoreFailure> EvidenceFiles::read(const Hash256& sha256, std::int64_t from,
                                                                    std::size_t length) const {
    const auto path = path_of(sha256);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return Failure{failure_at(path, "cannot open", errno)};
    }
    std::vector<std::uint8_t> bytes(length);
    std::size_t have = 0;
    int error = 0;
    while (have < length) {
        const auto got = ::pread(descriptor, bytes.data() + have, length - have, from + static_cast<off_t>(have));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            error = got < 0 ? errno : 0;
            break;
        }
        have += static_cast<std::size_t>(got);
    }
    ::close(descriptor);
    if (error != 0) {
        return Failure{failure_at(path, "cannot read", error)};
    }
    bytes.resize(have);
    return bytes;
}

Result<EvidenceFiles::Sweep, StoreFailure> EvidenceFiles::sweep() const {
    Sweep found;
    std::error_code error;
    if (!fs::exists(folder_, error)) {
        return found;
    }
    for (fs::recursive_directory_iterator entry{folder_, error}, end; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        if (!entry->is_regular_file(gone)) {
            continue;
        }
        const auto name = entry->path().filename().string();
        if (name.ends_with(half_written) && hash256_from_hex(std::string_view{name}.substr(0, name.size() - 4))) {
            found.half_written += fs::remove(entry->path(), gone) ? 1 : 0;
        } else if (const auto hash = hash256_from_hex(name); hash && entry->path() == path_of(*hash)) {
            found.files.push_back({*hash, static_cast<std::int64_t>(entry->file_size(gone))});
        }
    }
    if (error) {
        return Failure{failure_at(folder_, "cannot read the folder", error.value())};
    }
    return found;
}

}  // namespace portcullis::store
