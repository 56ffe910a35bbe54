#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace portcullis::bench {

/// What the daemon writes on average for an arm to go up: the events of the passage from `load.judged` to
/// `arm.commanded`, which are committed together. `database` is a copy of its journal. Throws std::runtime_error when
/// no arm was commanded.
[[nodiscard]] std::size_t commit_bytes(const std::filesystem::path& database);

/// Milliseconds, on average, from a passage's last reading to its verdict, over the lanes whose names begin with
/// `lanes`. Throws std::runtime_error when they have no verdict.
[[nodiscard]] double decision_ms(const std::filesystem::path& database, const std::string& lanes);

}  // namespace portcullis::bench
