#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"
#include "store/database.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// What a store's file is.
struct DatabaseKind {
    std::filesystem::path file;
    std::string file_system;
    std::int32_t application = 0;
    std::span<const Migration> history;
    /// Whether the process before this one ended in order: then the file is not read whole.
    std::function<bool(Database&)> stopped_clean;
    AnnounceCheck announce;
    /// What is known to be missing in what SQLite finds whole, in words; empty = nothing. Absent = nobody would know.
    std::function<std::string(Database&)> missing{};
};

struct OpenedDatabase {
    std::unique_ptr<Database> database;
    std::optional<std::filesystem::path> set_aside;  ///< a damaged one was moved there, and this one is new
    std::string damage;                              ///< what was wrong with it
};

/// Opens, checks, configures and migrates a database. A damaged one is moved aside and a new one made; one of another
/// application or of a newer version is refused and stays as it was.
[[nodiscard]] Result<OpenedDatabase, StoreFailure> open_database(const DatabaseKind& kind);

/// An error as a value.
[[nodiscard]] StoreFailure failure_of(const DatabaseError& error);

}  // namespace portcullis::store
