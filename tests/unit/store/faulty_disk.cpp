#include "tests/unit/store/faulty_disk.hpp"

#include <sqlite3.h>

#include <mutex>
#include <new>

namespace portcullis::store::testing {
namespace {

struct Plan {
    DiskFault fault = DiskFault::none;
    int operations_left = 0;
    bool for_good = false;
    bool failed = false;
};

/// The store may work on a thread of its own while a test plans.
struct Guarded {
    std::mutex mutex;
    Plan plan;
};

Guarded& guarded() {
    static Guarded the_plan;
    return the_plan;
}

/// What this operation meets; `none`: it goes well.
DiskFault fault_now(bool is_sync) {
    const std::scoped_lock lock{guarded().mutex};
    auto& now = guarded().plan;
    const bool concerns = now.fault != DiskFault::none && (now.fault == DiskFault::sync_error) == is_sync;
    if (!concerns || (now.failed && !now.for_good)) {
        return DiskFault::none;
    }
    if (now.operations_left > 1) {
        --now.operations_left;
        return DiskFault::none;
    }
    now.failed = true;
    return now.fault;
}

/// SQLite allocates this; the real file stands behind it.
struct File {
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    auto* under = real(file);
    const auto fault = fault_now(false);
    if (fault == DiskFault::none) {
        return under->pMethods->xWrite(under, bytes, size, offset);
    }
    under->pMethods->xWrite(under, bytes, size / 2, offset);
    return fault == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int sync(sqlite3_file* file, int flags) {
    auto* under = real(file);
    return fault_now(true) != DiskFault::none ? SQLITE_IOERR_FSYNC : under->pMethods->xSync(under, flags);
}

int close(sqlite3_file* file) {
    auto* under = real(file);
    const int code = under->pMethods->xClose(under);
    ::operator delete(under);
    return code;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return real(file)->pMethods->xTruncate(real(file), size);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int unlock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved(sqlite3_file* file, int* answer) {
    return real(file)->pMethods->xCheckReservedLock(real(file), answer);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

/// Version 1: no shared memory and no mapped pages, which the stores do not use.
constexpr sqlite3_io_methods methods{
    1,       close,          read,         write,       truncate,        sync,    file_size, lock,
    unlock,  check_reserved, file_control, sector_size, characteristics, nullptr, nullptr,   nullptr,
    nullptr, nullptr,        nullptr};

sqlite3_vfs* system_disk() {
    return sqlite3_vfs_find("unix");
}

int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* system = system_disk();
    auto* under = static_cast<sqlite3_file*>(::operator new(static_cast<std::size_t>(system->szOsFile)));
    under->pMethods = nullptr;
    file->pMethods = nullptr;
    const int code = system->xOpen(system, name, under, flags, flags_out);
    if (code != SQLITE_OK) {
        ::operator delete(under);
        return code;
    }
    reinterpret_cast<File*>(file)->real = under;
    file->pMethods = &methods;
    return code;
}

}  // namespace

const std::string& FaultyDisk::name() {
    static const std::string the_name = "faulty";
    static const sqlite3_vfs* registered = [] {
        static sqlite3_vfs vfs = *system_disk();
        vfs.pNext = nullptr;
        vfs.zName = the_name.c_str();
        vfs.szOsFile = static_cast<int>(sizeof(File));
        vfs.xOpen = open;
        sqlite3_vfs_register(&vfs, 0);
        return &vfs;
    }();
    static_cast<void>(registered);
    return the_name;
}

void FaultyDisk::fail(DiskFault fault, int nth, bool for_good) {
    const std::scoped_lock lock{guarded().mutex};
    guarded().plan = {fault, nth, for_good, false};
}

void FaultyDisk::heal() {
    const std::scoped_lock lock{guarded().mutex};
    guarded().plan = {};
}

bool FaultyDisk::has_failed() {
    const std::scoped_lock lock{guarded().mutex};
    return guarded().plan.failed;
}

}  // namespace portcullis::store::testing
