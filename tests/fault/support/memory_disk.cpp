#include "tests/fault/support/memory_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

namespace portcullis::fault {
namespace {

struct State {
    DiskImage image;
    std::vector<DiskOperation> operations;
    bool noting = true;
    bool skips_log_syncs = false;
    DiskAnswer answer = DiskAnswer::input_output;
    std::int64_t left = 0;  ///< operations until the fault; 0 = none is planned
    bool for_good = false;
    bool failed = false;
    std::set<std::string> created;  ///< and not yet synced
    std::vector<std::string> removed;
};

State& state() {
    static State the_state;
    return the_state;
}

/// This operation is one that fails.
bool fails_now(bool needs_room) {
    auto& now = state();
    if (now.left == 0 || (now.answer == DiskAnswer::full && !needs_room) || (now.failed && !now.for_good)) {
        return false;
    }
    if (now.left > 1) {
        --now.left;
        return false;
    }
    now.failed = true;
    return true;
}

void change(DiskOperation operation) {
    put(operation, state().image);
    if (state().noting) {
        state().operations.push_back(std::move(operation));
    }
}

/// SQLite allocates this.
struct File {
    sqlite3_file base;
    std::string* path;
};

const std::string& path_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file)->path;
}

int close(sqlite3_file* file) {
    delete reinterpret_cast<File*>(file)->path;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    if (fails_now(false)) {
        return SQLITE_IOERR_READ;
    }
    const auto& bytes = state().image[path_of(file)];
    const auto from = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto there = std::min(static_cast<std::size_t>(size), bytes.size() - from);
    std::memcpy(to, bytes.data() + from, there);
    std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(size) - there);
    return there == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const bool fails = fails_now(true);
    const auto taken = static_cast<std::size_t>(fails ? size / 2 : size);  // a disk that fails has taken some of it
    change({DiskOperation::Kind::write, path_of(file), static_cast<std::size_t>(offset),
            std::string{static_cast<const char*>(bytes), taken}});
    if (fails) {
        return state().answer == DiskAnswer::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (fails_now(false)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    change({DiskOperation::Kind::truncate, path_of(file), static_cast<std::size_t>(size), {}});
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int /*flags*/) {
    if (fails_now(false)) {
        return SQLITE_IOERR_FSYNC;
    }
    if (state().skips_log_syncs && path_of(file).ends_with("-wal")) {
        return SQLITE_OK;
    }
    change({DiskOperation::Kind::sync, path_of(file), 0, {}});
    if (state().created.erase(path_of(file)) == 1) {
        // The system's VFS syncs the directory with the first sync of a new file: what was removed stays removed.
        for (const auto& path : std::exchange(state().removed, {})) {
            change({DiskOperation::Kind::sync, path, 0, {}});
        }
    }
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (fails_now(false)) {
        return SQLITE_IOERR_FSTAT;
    }
    *size = static_cast<sqlite3_int64>(state().image[path_of(file)].size());
    return SQLITE_OK;
}

int lock(sqlite3_file* /*file*/, int /*level*/) {
    return SQLITE_OK;
}
int check_reserved(sqlite3_file* /*file*/, int* answer) {
    *answer = 0;
    return SQLITE_OK;
}
int file_control(sqlite3_file* /*file*/, int operation, void* argument) {
    if (operation != SQLITE_FCNTL_MMAP_SIZE) {
        return SQLITE_NOTFOUND;
    }
    *static_cast<sqlite3_int64*>(argument) = 0;  // nothing is mapped, and the store reads that back
    return SQLITE_OK;
}
int sector_size(sqlite3_file* /*file*/) {
    return 4096;
}
int characteristics(sqlite3_file* /*file*/) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;  // as the system's own says of every disk
}

/// Version 1: no shared memory and no mapped pages, which the stores do not use.
constexpr sqlite3_io_methods methods{
    1,       close,          read,         write,       truncate,        sync,    file_size, lock,
    lock,    check_reserved, file_control, sector_size, characteristics, nullptr, nullptr,   nullptr,
    nullptr, nullptr,        nullptr};

int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    file->pMethods = nullptr;
    const std::string path{name == nullptr ? "" : name};
    const bool there = state().image.contains(path);
    if (fails_now(!there) || (!there && (flags & SQLITE_OPEN_CREATE) == 0)) {
        return SQLITE_CANTOPEN;
    }
    if (!there) {
        change({DiskOperation::Kind::write, path, 0, {}});
        state().created.insert(path);
    }
    reinterpret_cast<File*>(file)->path = new std::string{path};
    file->pMethods = &methods;
    if (flags_out != nullptr) {
        *flags_out = flags;
    }
    return SQLITE_OK;
}

int remove(sqlite3_vfs* /*vfs*/, const char* name, int /*sync_directory*/) {
    if (fails_now(false)) {
        return SQLITE_IOERR_DELETE;
    }
    if (!state().image.contains(name)) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    change({DiskOperation::Kind::remove, name, 0, {}});
    state().removed.emplace_back(name);
    return SQLITE_OK;
}

int access(sqlite3_vfs* /*vfs*/, const char* name, int /*flags*/, int* answer) {
    const auto found = state().image.find(name);
    *answer = found != state().image.end() && !found->second.empty() ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* to) {
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
}

}  // namespace

void put(const DiskOperation& operation, DiskImage& image) {
    switch (operation.kind) {
        case DiskOperation::Kind::write: {
            auto& bytes = image[operation.file];
            bytes.resize(std::max(bytes.size(), operation.offset + operation.bytes.size()));
            bytes.replace(operation.offset, operation.bytes.size(), operation.bytes);
            break;
        }
        case DiskOperation::Kind::truncate:
            image[operation.file].resize(operation.offset);
            break;
        case DiskOperation::Kind::remove:
            image.erase(operation.file);
            break;
        case DiskOperation::Kind::sync:
            break;
    }
}

const std::string& MemoryDisk::name() {
    static const std::string the_name = "memory-disk";
    static const sqlite3_vfs* registered = [] {
        static sqlite3_vfs vfs = *sqlite3_vfs_find("unix");
        vfs.pNext = nullptr;
        vfs.zName = the_name.c_str();
        vfs.szOsFile = static_cast<int>(sizeof(File));
        vfs.xOpen = open;
        vfs.xDelete = remove;
        vfs.xAccess = access;
        vfs.xFullPathname = full_name;
        sqlite3_vfs_register(&vfs, 0);
        return &vfs;
    }();
    static_cast<void>(registered);
    return the_name;
}

void MemoryDisk::load(DiskImage image) {
    state() = {};
    state().image = std::move(image);
}

const DiskImage& MemoryDisk::image() {
    return state().image;
}

const std::vector<DiskOperation>& MemoryDisk::operations() {
    return state().operations;
}

void MemoryDisk::show_names(const std::filesystem::path& directory) {
    for (const auto& entry : std::filesystem::directory_iterator{directory}) {
        if (entry.path().filename().string().starts_with("orders.")) {
            std::filesystem::remove(entry.path());
        }
    }
    for (const auto& [file, content] : state().image) {
        const std::filesystem::path path{file};
        if (path.parent_path() == directory && path.filename().string().starts_with("orders.")) {
            std::ofstream{path}.flush();
        }
    }
}

void MemoryDisk::note(bool on) {
    state().noting = on;
}

void MemoryDisk::fail(DiskAnswer answer, std::int64_t nth, bool for_good) {
    state().answer = answer;
    state().left = nth;
    state().for_good = for_good;
    state().failed = false;
}

void MemoryDisk::heal() {
    state().left = 0;
}

bool MemoryDisk::has_failed() {
    return state().failed;
}

void use_memory_for_temporary_files() {
    if (std::filesystem::is_directory("/dev/shm")) {
        ::setenv("TMPDIR", "/dev/shm", 0);
    }
}

void MemoryDisk::skip_log_syncs(bool on) {
    state().skips_log_syncs = on;
}

}  // namespace portcullis::fault
