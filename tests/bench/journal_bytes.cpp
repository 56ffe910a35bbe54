#include "tests/bench/journal_bytes.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace portcullis::bench {

std::size_t commit_bytes(const std::filesystem::path& database) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> guard{opened, sqlite3_close};
    sqlite3_stmt* prepared = nullptr;
    if (code == SQLITE_OK) {
        sqlite3_prepare_v2(opened,
                           "SELECT avg(bytes) FROM (SELECT (SELECT sum(length(CAST(e.published AS BLOB)) + 32)"
                           " FROM event e WHERE e.sequence <= up.sequence AND e.subject = up.subject AND e.sequence >="
                           " (SELECT max(j.sequence) FROM event j WHERE j.sequence < up.sequence"
                           " AND j.subject = up.subject AND j.type LIKE '%load.judged%')) AS bytes"
                           " FROM event up WHERE up.type LIKE '%arm.commanded%'"
                           " AND json_extract(up.published, '$.data.command') = 'up')",
                           -1, &prepared, nullptr);
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
    if (prepared == nullptr || sqlite3_step(prepared) != SQLITE_ROW || sqlite3_column_int64(prepared, 0) <= 0) {
        throw std::runtime_error{database.string() + " has no arm that was commanded up"};
    }
    return static_cast<std::size_t>(sqlite3_column_int64(prepared, 0));
}

}  // namespace portcullis::bench
