#include "tests/bench/bare_journal.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace portcullis::bench {

namespace {

/// As the journal: docs/journal.md.
constexpr int frames_due = 1000;
constexpr const char* settings =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=16777216; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA cache_size=-8192;"
    "CREATE TABLE event(sequence INTEGER PRIMARY KEY, hash BLOB NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL,"
    " time_ms INTEGER NOT NULL, published TEXT NOT NULL) STRICT;";

}  // namespace

struct BareJournal::Handles {
    sqlite3* database = nullptr;
    sqlite3_stmt* begin = nullptr;
    sqlite3_stmt* insert = nullptr;
    sqlite3_stmt* commit = nullptr;
    int frames = 0;

    Handles() = default;
    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;
    ~Handles() {
        for (auto* statement : {begin, insert, commit}) {
            sqlite3_finalize(statement);
        }
        sqlite3_close(database);
    }
    void must(int code) const {
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            throw std::runtime_error{std::string{"the bare database: "} + sqlite3_errmsg(database)};
        }
    }
    void prepare(const char* text, sqlite3_stmt*& statement) const {
        must(sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    }
    void run(sqlite3_stmt* statement) const {
        must(sqlite3_step(statement));
        sqlite3_reset(statement);
    }
};

BareJournal::BareJournal(const std::filesystem::path& file) : handles_(std::make_unique<Handles>()) {
    auto& h = *handles_;
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    h.must(sqlite3_open_v2(file.c_str(), &h.database, flags, nullptr));
    h.must(sqlite3_exec(h.database, settings, nullptr, nullptr, nullptr));
    sqlite3_wal_hook(
        h.database,
        [](void* frames, sqlite3*, const char*, int now) {
            *static_cast<int*>(frames) = now;
            return SQLITE_OK;
        },
        &h.frames);
    h.prepare("BEGIN IMMEDIATE", h.begin);
    h.prepare("INSERT INTO event(sequence, hash, type, subject, time_ms, published) VALUES (?, ?, ?, ?, ?, ?)",
              h.insert);
    h.prepare("COMMIT", h.commit);
}

BareJournal::~BareJournal() = default;

void BareJournal::append(const store::EventRow& row) {
    const auto& h = *handles_;
    const auto text = [&](int column, const std::string& value) {
        sqlite3_bind_text(h.insert, column, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    };
    h.run(h.begin);
    sqlite3_bind_int64(h.insert, 1, row.sequence);
    sqlite3_bind_blob(h.insert, 2, row.hash.data(), static_cast<int>(row.hash.size()), SQLITE_STATIC);
    text(3, row.type);
    text(4, row.subject);
    sqlite3_bind_int64(h.insert, 5, row.time.time_since_epoch().count());
    text(6, row.published);
    h.run(h.insert);
    h.run(h.commit);
}

bool BareJournal::checkpoint_due() const {
    return handles_->frames >= frames_due;
}

void BareJournal::checkpoint() {
    handles_->must(sqlite3_wal_checkpoint_v2(handles_->database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
    handles_->frames = 0;
}

}  // namespace portcullis::bench
