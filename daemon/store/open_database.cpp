#include "store/open_database.hpp"

#include <utility>

#include "store/state_directory.hpp"

namespace portcullis::store {
namespace {

using Opened = Result<std::unique_ptr<Database>, StoreFailure>;

Opened refuse(StoreFault fault, const std::filesystem::path& file, const std::string& what) {
    return Failure{StoreFailure{fault, file.string() + ": " + what}};
}

/// Reads the whole file, unless it was left in order: a large one must not keep a gate from starting.
std::string check(Database& database, const DatabaseKind& kind) {
    if (database.is_new() || (kind.stopped_clean && kind.stopped_clean(database))) {
        return "ok";
    }
    if (kind.announce) {
        std::error_code unknown;
        const auto bytes = std::filesystem::file_size(kind.file, unknown);
        kind.announce(kind.file.string(), unknown ? 0 : bytes);
    }
    return database.quick_check();
}

Opened open_once(const DatabaseKind& kind) {
    try {
        auto database = std::make_unique<Database>(kind.file, kind.file_system, kind.application);
        if (!database->is_new() && !database->is_ours()) {
            return refuse(StoreFault::not_ours, kind.file,
                          "is another application's database; give the daemon a state directory of its own");
        }
        const auto newest = static_cast<int>(kind.history.size());
        if (const int version = database->version(); version > newest) {
            return refuse(StoreFault::newer_schema, kind.file,
                          "has schema " + std::to_string(version) + ", this version knows " + std::to_string(newest) +
                              "; install the newer portcullisd again (the file was not touched)");
        }
        if (const auto found = check(*database, kind); found != "ok") {
            return refuse(StoreFault::corrupt, kind.file, found);
        }
        if (const auto missing = kind.missing ? kind.missing(*database) : std::string{}; !missing.empty()) {
            return refuse(StoreFault::corrupt, kind.file, missing);
        }
        database->configure();
        migrate(*database, kind.history);
        return database;
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

}  // namespace

StoreFailure failure_of(const DatabaseError& error) {
    if (error.is_full()) {
        return {StoreFault::full, error.what()};
    }
    return {error.is_corrupt() ? StoreFault::corrupt : StoreFault::input_output, error.what()};
}

Result<OpenedDatabase, StoreFailure> open_database(const DatabaseKind& kind) {
    OpenedDatabase opened;
    auto database = open_once(kind);
    if (!database && database.error().fault == StoreFault::corrupt) {
        auto moved = move_aside(kind.file);
        if (!moved) {
            return Failure{std::move(moved).error()};
        }
        opened.set_aside = std::move(moved).value();
        opened.damage = database.error().message;
        database = open_once(kind);
    }
    if (!database) {
        return Failure{std::move(database).error()};
    }
    if (auto failure = sync_directory(kind.file.parent_path())) {
        return Failure{std::move(*failure)};
    }
    opened.database = std::move(database).value();
    return opened;
}

}  // namespace portcullis::store
