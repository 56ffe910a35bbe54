#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace portcullis::fault {

/// One thing that a process did to the files of a directory. Contents belong to files (`file`, numbered as they were
/// made), names to the directory: each of the two lasts only when it was synced itself.
struct FileOperation {
    enum class Kind : std::uint8_t { write, resize, sync, make, rename, remove, sync_directory };
    Kind kind = Kind::write;
    int file = 0;
    std::size_t offset = 0;  ///< of a write; the new size of `resize`
    std::string bytes;       ///< of a write
    std::string name;
    std::string to;  ///< of a rename
};

/// What the world was told by the process that was traced.
struct FileWord {
    enum class Told : std::uint8_t { key, stream, durable };
    Told told = Told::durable;
    std::array<std::uint8_t, 32> value{};  ///< the public key; the stream's id
    std::int64_t number = 0;               ///< the sequence that is durable
};

struct TimedFileWord {
    FileWord word;
    std::size_t operations = 0;  ///< that were asked before
};

struct FilesTrace {
    std::vector<FileOperation> operations;
    std::vector<TimedFileWord> words;
};

using TellFileWord = std::function<void(const FileWord&)>;

/// Runs `work` in a process of its own and notes, at its system calls, what it does to the files of `directory`, which
/// is empty. Throws std::system_error, and std::runtime_error when `work` does not end well.
[[nodiscard]] FilesTrace trace_files(const std::filesystem::path& directory,
                                     const std::function<void(const TellFileWord&)>& work);

}  // namespace portcullis::fault
