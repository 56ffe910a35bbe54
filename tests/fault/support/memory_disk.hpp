#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace portcullis::fault {

/// One thing that was asked of a disk and changes it.
struct DiskOperation {
    enum class Kind : std::uint8_t { write, truncate, sync, remove };
    Kind kind = Kind::write;
    std::string file;
    std::size_t offset = 0;  ///< of a write; the new size of a truncation
    std::string bytes;       ///< of a write
};

using DiskImage = std::map<std::string, std::string>;  ///< whole files by path

/// Puts an operation into an image; a sync changes nothing.
void put(const DiskOperation& operation, DiskImage& image);

/// What the disk answers when it fails.
enum class DiskAnswer : std::uint8_t { input_output, full };

/// Where what is on the real file system need not outlive the machine: there a file system in memory is the fastest.
void use_memory_for_temporary_files();

/// A SQLite file system in memory: notes what changes it, so that every state that a power cut could leave can be
/// built, and fails when a test says so. One for the process, as SQLite wants it; one thread.
class MemoryDisk {
public:
    /// Its name for `file_system` of a store's settings; registers it at the first call.
    static const std::string& name();

    /// Puts this in place of everything, forgets the notes, and heals.
    static void load(DiskImage image);
    [[nodiscard]] static const DiskImage& image();
    [[nodiscard]] static const std::vector<DiskOperation>& operations();
    /// Whoever lists the real folder finds the names of the files that are here, empty, and no others of orders.
    static void show_names(const std::filesystem::path& directory);
    /// Off: nothing is noted, for states that are only looked at.
    static void note(bool on);

    /// From the `nth` operation on (counted from 1 from now; for `full`, operations that need room), the disk fails:
    /// once, or until `heal`.
    static void fail(DiskAnswer answer, std::int64_t nth, bool for_good);
    static void heal();
    /// A fault has happened since `fail`.
    [[nodiscard]] static bool has_failed();

    /// While on, syncs of a log reach nothing: what `synchronous=NORMAL` leaves out at a commit.
    static void skip_log_syncs(bool on);
};

}  // namespace portcullis::fault
