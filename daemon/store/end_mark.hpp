#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/ids.hpp"

struct sqlite3_file;

namespace portcullis::store {

/// How far a journal was written: the file `end` beside it, overwritten after each commit and not synced. SQLite takes
/// damage in its log for an unfinished transaction and drops what follows without a word; this is what still knows.
/// It never says more than was durable, and after a power cut perhaps less, or nothing. It goes through the journal's
/// file system, so that tests put the same faults and cuts into it. Throws DatabaseError.
class EndMark {
public:
    struct End {
        StreamId stream;
        std::int64_t sequence = 0;
    };

    /// Opens or creates `file`. `file_system`: a registered SQLite VFS; empty = the system's.
    EndMark(const std::filesystem::path& file, const std::string& file_system);
    /// What it says; nothing when it says nothing, or is damaged: a flipped bit in it must not condemn a journal.
    [[nodiscard]] const std::optional<End>& found() const { return found_; }
    void put(const End& end);

private:
    struct Close {
        void operator()(sqlite3_file* file) const;
    };

    [[nodiscard]] std::optional<End> read() const;

    std::string name_;  // the file system keeps a pointer to it while the file is open
    std::unique_ptr<sqlite3_file, Close> file_;
    std::optional<End> found_;
};

/// A file of this name is there and is not empty.
[[nodiscard]] bool has_bytes(const std::filesystem::path& file, const std::string& file_system);

}  // namespace portcullis::store
