#pragma once

#include <cstdint>
#include <string>

namespace portcullis::store::testing {

/// What a disk answers when it fails.
enum class DiskFault : std::uint8_t {
    none,
    full,         ///< no room: half of a write is written
    write_error,  ///< half of a write is written, and the disk says I/O error
    sync_error    ///< the sync fails; what was written stands
};

/// A SQLite file system over the real one that fails when a test says so. One for the process, as SQLite wants it.
class FaultyDisk {
public:
    /// Its name for `file_system` of a store's settings; registers it at the first call.
    static const std::string& name();
    /// From the `nth` operation of the fault's kind on (counted from 1 from now), the disk fails: once, or for good.
    static void fail(DiskFault fault, int nth, bool for_good);
    /// The disk is whole again.
    static void heal();
    /// A fault has happened since `fail`.
    static bool has_failed();
};

}  // namespace portcullis::store::testing
