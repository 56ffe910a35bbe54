#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// The file `lock` of the state directory, held for the life of the process: two daemons never share a state.
class StateLock {
public:
    [[nodiscard]] static Result<StateLock, StoreFailure> take(const std::filesystem::path& directory);
    ~StateLock();
    StateLock(const StateLock&) = delete;
    StateLock& operator=(const StateLock&) = delete;
    StateLock(StateLock&& other) noexcept;
    StateLock& operator=(StateLock&& other) noexcept;

private:
    explicit StateLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

/// Makes the names in `directory` durable: SQLite hides when that fails (hazards 1.4).
[[nodiscard]] std::optional<StoreFailure> sync_directory(const std::filesystem::path& directory);

/// Moves `file` and what SQLite keeps beside it to `<file>.damaged-<n>`, the first free n, and says where. Nothing is
/// ever deleted.
[[nodiscard]] Result<std::filesystem::path, StoreFailure> move_aside(const std::filesystem::path& file);

/// What `file` holds, at most 4 KiB; nothing when it is not there or cannot be read.
[[nodiscard]] std::string read_small_file(const std::filesystem::path& file);
/// Makes `file` hold `text`, durably: all of it, or what it held before.
[[nodiscard]] std::optional<StoreFailure> write_small_file(const std::filesystem::path& file, std::string_view text);

}  // namespace portcullis::store
