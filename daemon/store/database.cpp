#include "store/database.hpp"

#include <sqlite3.h>

#include <array>
#include <utility>

namespace portcullis::store {
namespace {

struct Setting {
    const char* name;
    const char* value;
    const char* read_back;
};

/// Why each: docs/journal.md. The first stands first: exclusive before the log is touched, so that SQLite keeps no
/// shared-memory file and the log-reset fault of 3.40.1 cannot happen.
constexpr std::array settings{
    Setting{"locking_mode", "EXCLUSIVE", "exclusive"},
    Setting{"journal_mode", "WAL", "wal"},
    Setting{"synchronous", "FULL", "2"},
    Setting{"wal_autocheckpoint", "0", "0"},
    Setting{"journal_size_limit", "16777216", "16777216"},
    Setting{"cell_size_check", "ON", "1"},
    Setting{"trusted_schema", "OFF", "0"},
    Setting{"foreign_keys", "ON", "1"},
    Setting{"secure_delete", "ON", "1"},
    Setting{"temp_store", "MEMORY", "2"},
    Setting{"mmap_size", "0", "0"},
    Setting{"cache_size", "-8192", "-8192"},
};

}  // namespace

DatabaseError DatabaseError::corrupt(const std::string& what) {
    return {SQLITE_CORRUPT, what};
}

bool DatabaseError::is_full() const {
    return code_ == SQLITE_FULL || code_ == SQLITE_IOERR_SHMSIZE;
}

bool DatabaseError::is_not_unique() const {
    return code_ == SQLITE_CONSTRAINT_UNIQUE || code_ == SQLITE_CONSTRAINT_PRIMARYKEY;
}

bool DatabaseError::is_corrupt() const {
    return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB;
}

// ---- Statement

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), what_(std::move(other.what_)), bound_(other.bound_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    std::swap(what_, other.what_);
    std::swap(bound_, other.bound_);
    return *this;
}

void Statement::check_bound(int code) {
    if (code != SQLITE_OK) {
        throw DatabaseError{code, "cannot bind to: " + what_};
    }
}

Statement& Statement::bind(std::int64_t value) {
    check_bound(sqlite3_bind_int64(statement_, ++bound_, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    check_bound(sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_view(std::string_view text) {
    check_bound(sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(std::span<const std::uint8_t> bytes) {
    check_bound(sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null() {
    check_bound(sqlite3_bind_null(statement_, ++bound_));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    auto* handle = sqlite3_db_handle(statement_);
    throw DatabaseError{sqlite3_extended_errcode(handle), std::string{sqlite3_errmsg(handle)} + " in: " + what_};
}

void Statement::run() {
    const Use use{*this};
    step();
}

void Statement::reset() {
    // What it returns is what step() has said already.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::string{} : std::string{text, size(column)};
}

std::size_t Statement::size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {bytes, size(column)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

// ---- Database

Database::Database(std::filesystem::path file, const std::string& file_system, std::int32_t application)
    : file_(std::move(file)), application_(application) {
    // One thread at a time uses it: the Worker that owns it.
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code =
        sqlite3_open_v2(file_.c_str(), &handle_, flags, file_system.empty() ? nullptr : file_system.c_str());
    try {
        if (code != SQLITE_OK) {
            fail(code, "cannot open");
        }
        set_flag(SQLITE_DBCONFIG_DEFENSIVE, 1);
        set_flag(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
        set_flag(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
        set_flag(SQLITE_DBCONFIG_DQS_DDL, 0);
        set_flag(SQLITE_DBCONFIG_DQS_DML, 0);
        // Otherwise a statement whose parameter is compared with a partial index is planned anew at each use.
        set_flag(SQLITE_DBCONFIG_ENABLE_QPSG, 1);
        // Closing moves nothing: checkpoints are ours, with their result looked at, and a file that is refused stays
        // as it is.
        set_flag(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
        execute("PRAGMA locking_mode=EXCLUSIVE");
    } catch (...) {
        close();
        throw;
    }
}

Database::~Database() {
    close();
}

void Database::close() noexcept {
    sqlite3_close_v2(std::exchange(handle_, nullptr));
}

void Database::set_flag(int flag, int value) {
    int now = -1;
    const int code = sqlite3_db_config(handle_, flag, value, &now);
    if (code != SQLITE_OK || now != value) {
        fail(code == SQLITE_OK ? SQLITE_ERROR : code, "cannot set flag " + std::to_string(flag));
    }
}

int Database::note_log(void* self, sqlite3* /*handle*/, const char* /*schema*/, int frames) {
    static_cast<Database*>(self)->log_frames_ = frames;
    return SQLITE_OK;
}

void Database::fail(int code, const std::string& what) const {
    const char* message = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    throw DatabaseError{handle_ == nullptr ? code : sqlite3_extended_errcode(handle_),
                        file_.string() + ": " + what + ": " + message};
}

bool Database::is_new() {
    return integer("PRAGMA application_id") == 0 && version() == 0 &&
           integer("SELECT count(*) FROM sqlite_schema") == 0;
}

bool Database::is_ours() {
    return integer("PRAGMA application_id") == application_;
}

int Database::version() {
    return static_cast<int>(integer("PRAGMA user_version"));
}

void Database::configure() {
    for (const auto& setting : settings) {
        execute(std::string{"PRAGMA "} + setting.name + "=" + setting.value);
        const auto found = text(std::string{"PRAGMA "} + setting.name);
        if (found != setting.read_back) {
            throw DatabaseError{SQLITE_ERROR, file_.string() + ": setting " + setting.name + " is " + found +
                                                  " where it must be " + setting.read_back};
        }
    }
    // After wal_autocheckpoint, which takes the hook for itself.
    sqlite3_wal_hook(handle_, &Database::note_log, this);
    if (!is_ours()) {
        execute("PRAGMA application_id=" + std::to_string(application_));
    }
}

void Database::configure_fill() {
    // Without a log, which SQLite calls hostile.
    set_flag(SQLITE_DBCONFIG_DEFENSIVE, 0);
    execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=NORMAL; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384");
    if (text("PRAGMA journal_mode") != "off") {
        throw DatabaseError{SQLITE_ERROR, file_.string() + ": cannot be filled without a log"};
    }
    execute("PRAGMA application_id=" + std::to_string(application_));
}

std::string Database::quick_check() {
    return text("PRAGMA quick_check(1)");
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code, sql);
    }
}

Statement Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) {
        fail(code, std::string{sql});
    }
    return {statement, sql};
}

std::int64_t Database::integer(const std::string& sql) {
    auto statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(const std::string& sql) {
    auto statement = prepare(sql);
    return statement.step() ? statement.text(0) : std::string{};
}

void Database::checkpoint() {
    // Passive: with one connection nothing stands in its way, and the log keeps its size. Overwriting it costs half
    // of what growing it costs.
    int in_log = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (code != SQLITE_OK || in_log != moved) {
        fail(code == SQLITE_OK ? SQLITE_BUSY : code, "cannot move the log");
    }
    log_frames_ = 0;
}

void Database::move_log() {
    execute("PRAGMA synchronous=OFF");
    checkpoint();
}

Sync Database::sync_of(Part part) {
    sqlite3_file* file = nullptr;
    const int which = part == Part::log ? SQLITE_FCNTL_JOURNAL_POINTER : SQLITE_FCNTL_FILE_POINTER;
    const int code = sqlite3_file_control(handle_, "main", which, &file);
    if (code != SQLITE_OK) {
        fail(code, "cannot find its file");
    }
    return Sync{file == nullptr || file->pMethods == nullptr ? nullptr : file};
}

void Sync::run() const {
    const int code = file_ == nullptr ? SQLITE_OK : file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) {
        throw DatabaseError{code, std::string{"cannot sync: "} + sqlite3_errstr(code)};
    }
}

std::int64_t Sync::file_bytes() const {
    sqlite3_int64 bytes = 0;
    return file_ != nullptr && file_->pMethods->xFileSize(file_, &bytes) == SQLITE_OK ? bytes : 0;
}

void Database::set_page_cache(std::size_t kib) {
    execute("PRAGMA cache_size=-" + std::to_string(kib));
}

int Database::ask_to_go_on(void* self) {
    return static_cast<Database*>(self)->go_on_() ? 0 : 1;
}

void Database::each_steps(int steps, std::function<bool()> go_on) {
    go_on_ = std::move(go_on);
    sqlite3_progress_handler(handle_, steps, go_on_ ? &Database::ask_to_go_on : nullptr, this);
}

bool Database::roll_back() {
    if (sqlite3_get_autocommit(handle_) == 0) {
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    return sqlite3_get_autocommit(handle_) != 0;
}

void migrate(Database& database, std::span<const Migration> history) {
    for (auto version = static_cast<std::size_t>(database.version()); version < history.size(); ++version) {
        try {
            database.execute("BEGIN IMMEDIATE");
            database.execute(std::string{history[version]});
            database.execute("PRAGMA user_version=" + std::to_string(version + 1));
            database.execute("COMMIT");
        } catch (const DatabaseError&) {
            // What was wrong travels on; a transaction that is still open ends with the connection at the latest.
            static_cast<void>(database.roll_back());
            throw;
        }
    }
}

}  // namespace portcullis::store
