#pragma once

#include <cstddef>
#include <filesystem>

namespace portcullis::bench {

/// What the daemon writes on average for an arm to go up: the events of the passage from `load.judged` to
/// `arm.commanded`, which are committed together. `database` is a copy of its journal. Throws std::runtime_error when
/// no arm was commanded.
[[nodiscard]] std::size_t commit_bytes(const std::filesystem::path& database);

}  // namespace portcullis::bench
