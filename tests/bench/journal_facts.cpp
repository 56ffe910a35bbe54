#include "tests/bench/journal_facts.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace portcullis::bench {

namespace {

/// The one number that `query` answers of a journal.
double number_of(const std::filesystem::path& database, const std::string& query) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> guard{opened, sqlite3_close};
    sqlite3_stmt* prepared = nullptr;
    if (code == SQLITE_OK) {
        sqlite3_prepare_v2(opened, query.c_str(), -1, &prepared, nullptr);
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
    if (prepared == nullptr || sqlite3_step(prepared) != SQLITE_ROW ||
        sqlite3_column_type(prepared, 0) == SQLITE_NULL) {
        throw std::runtime_error{database.string() + " has no passage to measure"};
    }
    return sqlite3_column_double(prepared, 0);
}

}  // namespace

std::size_t commit_bytes(const std::filesystem::path& database) {
    return static_cast<std::size_t>(
        number_of(database,
                  "SELECT avg(bytes) FROM (SELECT (SELECT sum(length(CAST(e.published AS BLOB)) + 32)"
                  " FROM event e WHERE e.sequence <= up.sequence AND e.subject = up.subject AND e.sequence >="
                  " (SELECT max(j.sequence) FROM event j WHERE j.sequence < up.sequence"
                  " AND j.subject = up.subject AND j.type LIKE '%load.judged%')) AS bytes"
                  " FROM event up WHERE up.type LIKE '%arm.commanded%'"
                  " AND json_extract(up.published, '$.data.command') = 'up')"));
}

double decision_ms(const std::filesystem::path& database, const std::string& lanes) {
    // A passage's readings lie close before its verdict; without that bound each verdict would look through all events.
    return number_of(database,
                     "SELECT avg((CAST(json_extract(v.published, '$.monotonicns') AS INTEGER) -"
                     " (SELECT max(CAST(json_extract(r.published, '$.monotonicns') AS INTEGER)) FROM event r"
                     " WHERE r.sequence < v.sequence AND r.sequence > v.sequence - 200"
                     " AND r.type LIKE '%reading.taken%'"
                     " AND json_extract(r.published, '$.data.passage') ="
                     " json_extract(v.published, '$.data.passage'))) / 1e6)"
                     " FROM event v WHERE v.type LIKE '%verdict.issued%' AND v.subject LIKE 'lane/" +
                         lanes + "%'");
}

}  // namespace portcullis::bench
