#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/hash256.hpp"
#include "core/result.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// A file that is there.
struct EvidenceFile {
    Hash256 sha256{};
    std::int64_t size = 0;
};

/// Pictures and raw records below `evidence/` of the state directory, each called by its SHA-256. A name that is there
/// has all its bytes: a file gets it only when they are durable. Every call blocks on the disk: for a Worker.
class EvidenceFiles {
public:
    /// So much of the disk is left to the journal, whatever the budget says.
    static constexpr std::uint64_t left_to_the_journal = std::uint64_t{256} * 1024 * 1024;

    explicit EvidenceFiles(std::filesystem::path folder, std::uint64_t keep_free = left_to_the_journal)
        : folder_(std::move(folder)), keep_free_(keep_free) {}

    /// Makes `bytes` durable under their hash, which is the caller's to compute. `full` when the disk has no more room
    /// than is left to the journal.
    [[nodiscard]] std::optional<StoreFailure> put(const Hash256& sha256, std::span<const std::uint8_t> bytes) const;
    /// Removes it, durably; one that is not there is no failure.
    [[nodiscard]] std::optional<StoreFailure> remove(const Hash256& sha256) const;
    /// `length` bytes from `from`, or fewer at its end; a failure when it is not there.
    [[nodiscard]] Result<std::vector<std::uint8_t>, StoreFailure> read(const Hash256& sha256, std::int64_t from,
                                                                       std::size_t length) const;
    /// Every file that is whole, and how many half-written ones were removed meanwhile. Nothing else in the folder is
    /// touched.
    struct Sweep {
        std::vector<EvidenceFile> files;
        std::int64_t half_written = 0;
    };
    [[nodiscard]] Result<Sweep, StoreFailure> sweep() const;

private:
    [[nodiscard]] std::filesystem::path path_of(const Hash256& sha256) const;

    std::filesystem::path folder_;
    std::uint64_t keep_free_;
};

}  // namespace portcullis::store
