#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_file;
struct sqlite3_stmt;

namespace portcullis::store {

/// SQLite said no. Inside this room only: callers get values (failure.hpp).
class DatabaseError : public std::runtime_error {
public:
    DatabaseError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    /// Rows are there that we never wrote.
    [[nodiscard]] static DatabaseError corrupt(const std::string& what);
    /// Extended result code.
    [[nodiscard]] int code() const { return code_; }
    /// No room: everything since BEGIN is rolled back.
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] bool is_corrupt() const;
    /// Two rows have what only one may have.
    [[nodiscard]] bool is_not_unique() const;

private:
    int code_;
};

/// A prepared statement, bound and stepped by position. Always reset when a use ends: an open read would keep the log
/// from being moved.
class Statement {
public:
    Statement() = default;
    Statement(sqlite3_stmt* statement, std::string_view what) : statement_(statement), what_(what) {}
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    /// Binds the next parameter.
    Statement& bind(std::int64_t value);
    Statement& bind(std::string_view text);
    /// The same without a copy: `text` must be there until the use ends.
    Statement& bind_view(std::string_view text);
    Statement& bind(std::span<const std::uint8_t> bytes);
    Statement& bind_null();
    template <class Value>
    Statement& bind(const std::optional<Value>& value) {
        return value ? bind(*value) : bind_null();
    }

    /// The next row is there.
    bool step();
    /// For a statement without rows: runs and resets it.
    void run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::size_t size(int column) const;  ///< of the text, in bytes
    [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    void check_bound(int code);

    sqlite3_stmt* statement_ = nullptr;
    std::string what_;
    int bound_ = 0;
};

/// Resets a statement when its use ends, however it ends.
class Use {
public:
    explicit Use(Statement& statement) : statement_(statement) {}
    ~Use() { statement_.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Use(Use&&) = delete;
    Use& operator=(Use&&) = delete;
    Statement* operator->() { return &statement_; }

private:
    Statement& statement_;
};

/// Makes what was written to a file durable.
class Sync {
public:
    /// Null: there is no such file yet, so nothing to make durable.
    explicit Sync(sqlite3_file* file) : file_(file) {}
    /// Throws DatabaseError.
    void run() const;
    /// How large the file is, as far as is known.
    [[nodiscard]] std::int64_t file_bytes() const;

private:
    sqlite3_file* file_;
};

/// The one connection to a database, with every setting of docs/journal.md set and read back.
class Database {
public:
    /// Opens or creates `file`; throws DatabaseError. `application` tells our databases from others.
    Database(std::filesystem::path file, const std::string& file_system, std::int32_t application);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// Nothing of anyone was ever written to it.
    [[nodiscard]] bool is_new();
    /// False for a database of another application.
    [[nodiscard]] bool is_ours();
    [[nodiscard]] int version();
    /// Turns an empty file into one of ours, and every setting on. Throws when a setting does not read back.
    void configure();
    /// For a file that is filled from nothing and used by nobody before that is done: no log, one sync a transaction.
    /// After a fault of any kind it is of no use.
    void configure_fill();
    /// `ok`, or the first thing that is wrong.
    [[nodiscard]] std::string quick_check();

    void execute(const std::string& sql);
    [[nodiscard]] Statement prepare(std::string_view sql);
    [[nodiscard]] std::int64_t integer(const std::string& sql);
    [[nodiscard]] std::string text(const std::string& sql);

    /// Frames in the log since it was last moved.
    [[nodiscard]] int log_frames() const { return log_frames_; }
    /// Moves the log into the database and syncs both; throws when that fails.
    void checkpoint();
    /// Moves the log and syncs nothing: whoever calls has synced the log before, and syncs the pages before anything is
    /// written again. Turns `synchronous` off.
    void move_log();
    enum class Part : std::uint8_t { log, pages };
    /// How to make durable what was written to a part. The one thing that another thread may do while this one reads;
    /// nothing is written meanwhile, and the database outlives it.
    [[nodiscard]] Sync sync_of(Part part);
    /// How much of its pages may stay in memory.
    void set_page_cache(std::size_t kib);
    /// While a statement runs, `go_on` is called about each `steps` of SQLite's machine: false ends the statement with
    /// a failure. It must neither throw nor use the database. Empty: no more.
    void each_steps(int steps, std::function<bool()> go_on);
    /// Ends a transaction that went wrong; true when none is open any more.
    [[nodiscard]] bool roll_back();

private:
    static int ask_to_go_on(void* self);
    static int note_log(void* self, sqlite3* handle, const char* schema, int frames);
    [[noreturn]] void fail(int code, const std::string& what) const;
    void set_flag(int flag, int value);
    void close() noexcept;

    std::filesystem::path file_;
    std::int32_t application_;
    sqlite3* handle_ = nullptr;
    int log_frames_ = 0;
    std::function<bool()> go_on_;
};

/// One step of a schema's history, from version `n` to `n + 1`.
using Migration = std::string_view;

/// Brings a database from its version to the newest, each step in one transaction: all of it or nothing.
void migrate(Database& database, std::span<const Migration> history);

}  // namespace portcullis::store
