#include "tests/bench/bare_orders.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace portcullis::bench {
namespace {

constexpr const char* settings =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-16384;"
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, order_id TEXT NOT NULL, status TEXT NOT NULL, enterprise TEXT,"
    " origin TEXT, hs TEXT, first_seen INTEGER NOT NULL, changed_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
    "BEGIN IMMEDIATE;";

}  // namespace

struct BareOrders::Handles {
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;

    Handles() = default;
    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;
    Handles(Handles&&) = delete;
    Handles& operator=(Handles&&) = delete;
    ~Handles() {
        sqlite3_finalize(insert);
        sqlite3_close(database);
    }
    void must(int code) const {
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            throw std::runtime_error{std::string{"the bare database: "} + sqlite3_errmsg(database)};
        }
    }
};

BareOrders::BareOrders(const std::filesystem::path& file) : handles_(std::make_unique<Handles>()) {
    auto& h = *handles_;
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    h.must(sqlite3_open_v2(file.c_str(), &h.database, flags, nullptr));
    h.must(sqlite3_exec(h.database, settings, nullptr, nullptr, nullptr));
    h.must(sqlite3_prepare_v3(
        h.database,
        "INSERT INTO orders(id, order_id, status, enterprise, origin, hs, first_seen, changed_at, body) "
        "VALUES (?, ?, 'released', ?, 'NO', '0303140000', 1763798400000, 1763798400000, ?)",
        -1, SQLITE_PREPARE_PERSISTENT, &h.insert, nullptr));
}

BareOrders::~BareOrders() = default;

void BareOrders::insert(const Row& row) {
    const auto& h = *handles_;
    const auto text = [&](int column, const std::string& value) {
        sqlite3_bind_text(h.insert, column, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    };
    sqlite3_bind_int64(h.insert, 1, row.id);
    text(2, row.order_id);
    text(3, row.enterprise);
    text(4, row.body);
    h.must(sqlite3_step(h.insert));
    sqlite3_reset(h.insert);
}

void BareOrders::finish() {
    const auto& h = *handles_;
    h.must(sqlite3_exec(h.database, "COMMIT", nullptr, nullptr, nullptr));
    h.must(sqlite3_wal_checkpoint_v2(h.database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
}

}  // namespace portcullis::bench
