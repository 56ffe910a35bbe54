#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "store/failure.hpp"

/// Names of the files of orders: `orders.<authority>.<life>.db`. A snapshot begins the next life of its authority's
/// file, and the file with the highest number is the one that counts.
namespace portcullis::store {

[[nodiscard]] std::filesystem::path order_file(const std::filesystem::path& directory, const Authority& authority,
                                               std::int64_t life);
/// Where a snapshot is filled in before it counts.
[[nodiscard]] std::filesystem::path order_fill_file(const std::filesystem::path& directory, const Authority& authority);

/// The life of the file that counts, by authority. Removes the files of former lives, and what was not filled to its
/// end; the cache of before there was a file for each authority is removed too.
[[nodiscard]] Result<std::map<Authority, std::int64_t>, StoreFailure> settle_order_files(
    const std::filesystem::path& directory);

/// Gives a finished database its name, durably.
[[nodiscard]] std::optional<StoreFailure> move_into_place(const std::filesystem::path& file,
                                                          const std::filesystem::path& target);

/// Removes a database and what SQLite keeps beside it.
[[nodiscard]] std::optional<StoreFailure> remove_database(const std::filesystem::path& file);

}  // namespace portcullis::store
