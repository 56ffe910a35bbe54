#include "tests/fault/link/consumer_store.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace portcullis::fault {

void read_consumer_store(const std::filesystem::path& file,
                         const std::function<void(std::int64_t sequence, const std::string& bytes)>& event) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database{opened, sqlite3_close};
    sqlite3_stmt* prepared = nullptr;
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(opened, 10'000);
        sqlite3_prepare_v2(opened, "SELECT sequence, bytes FROM event ORDER BY stream, sequence", -1, &prepared,
                           nullptr);
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
    if (prepared == nullptr) {
        throw std::runtime_error{file.string() + ": the consumer's store cannot be read"};
    }
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, 1));
        event(sqlite3_column_int64(prepared, 0), {bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared, 1))});
    }
}

}  // namespace portcullis::fault
