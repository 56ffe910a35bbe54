#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "store/failure.hpp"

namespace portcullis::store {

/// Room kept back on the journal's file system: the file `ballast`. When the disk is full it is given away, so that the
/// journal can still tell of it and of its own shutdown; it comes back when there is room for it and half as much
/// again, so that a disk on the edge does not swing.
class Ballast {
public:
    /// `bytes` = 0: none is kept.
    Ballast(const std::filesystem::path& directory, std::uint64_t bytes);

    /// All of its room is taken from the file system.
    [[nodiscard]] bool whole() const { return whole_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::filesystem::path directory() const { return file_.parent_path(); }
    /// Takes the room when there is enough. `full` = there is not; anything else is the file system's word.
    [[nodiscard]] std::optional<StoreFailure> restore();
    /// Gives the room away.
    [[nodiscard]] std::optional<StoreFailure> give();

private:
    std::filesystem::path file_;
    std::uint64_t bytes_;
    bool whole_;
};

}  // namespace portcullis::store
