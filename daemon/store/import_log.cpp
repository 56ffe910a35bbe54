#include "store/import_log.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "store/open_database.hpp"

namespace portcullis::store {
namespace {

/// "PcIm": PRAGMA application_id.
constexpr std::int32_t import_application = 0x5063496d;

/// `run` = the import that had the order last; 0 = taken out of force by us. `in_force` = 0: revoked by the export.
constexpr std::array<Migration, 1> history{R"(
CREATE TABLE run(
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO run(one, number) VALUES (1, 0);
CREATE TABLE imported(
    authority TEXT NOT NULL,
    order_id  TEXT NOT NULL,
    source    TEXT NOT NULL,
    content   BLOB NOT NULL CHECK (length(content) = 32),
    in_force  INTEGER NOT NULL,
    run       INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    PRIMARY KEY (authority, order_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE chain(
    authority TEXT PRIMARY KEY,
    number    INTEGER NOT NULL,
    sha256    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)"};

}  // namespace

class ImportLog::Impl {
public:
    explicit Impl(std::unique_ptr<Database> database) : database_(std::move(database)) {
        find_ =
            database_->prepare("SELECT source, content, run, place FROM imported WHERE authority = ? AND order_id = ?");
        put_ = database_->prepare(
            "INSERT OR REPLACE INTO imported(authority, order_id, source, content, in_force, run, place) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)");
        touch_ = database_->prepare(
            "UPDATE imported SET run = ?, place = ? WHERE authority = ? AND order_id = ? AND source = ?");
    }

    void begin(std::string_view authority, std::string_view source) {
        authority_ = authority;
        source_ = source;
        database_->execute("BEGIN IMMEDIATE");
        database_->execute("UPDATE run SET number = number + 1");
        run_ = database_->integer("SELECT number FROM run");
    }

    OrderNote note(std::string_view order, const Hash256& content, bool in_force, std::int64_t place) {
        auto found = look_up(order, content);
        if (found.news == OrderNews::same) {
            touch(order, place);
        } else if (found.news == OrderNews::fresh || found.news == OrderNews::changed) {
            const Use use{put_};
            put_.bind(authority_).bind(order).bind(source_).bind(std::span{content});
            put_.bind(std::int64_t{in_force ? 1 : 0}).bind(run_).bind(place).step();
        }
        return found;
    }

    void touch(std::string_view order, std::int64_t place) {
        const Use use{touch_};
        touch_.bind(run_).bind(place).bind(authority_).bind(order).bind(source_).step();
    }

    void keep(std::string_view order) {
        Hash256 none{};
        const auto known = look_up(order, none);
        if (known.news == OrderNews::changed) {
            touch(order, 0);
        }
    }

    void forget(std::string_view order) {
        auto statement = database_->prepare(
            "UPDATE imported SET run = 0, content = zeroblob(32) "
            "WHERE authority = ? AND order_id = ? AND source = ?");
        statement.bind(authority_).bind(order).bind(source_).run();
    }

    void vanished(const std::function<void(const std::string& order)>& give) {
        std::vector<std::string> orders;
        auto statement = database_->prepare(
            "SELECT order_id FROM imported "
            "WHERE authority = ? AND source = ? AND in_force = 1 AND run <> 0 AND run <> ?");
        {
            const Use use{statement};
            statement.bind(authority_).bind(source_).bind(run_);
            while (statement.step()) {
                orders.push_back(statement.text(0));
            }
        }
        std::ranges::for_each(orders, give);
    }

    std::optional<ChainEnd> chain(std::string_view authority) {
        auto statement = database_->prepare("SELECT number, sha256 FROM chain WHERE authority = ?");
        const Use use{statement};
        if (!statement.bind(authority).step()) {
            return std::nullopt;
        }
        return ChainEnd{statement.integer(0), statement.text(1)};
    }

    void set_chain(const ChainEnd& end) {
        auto statement = database_->prepare("INSERT OR REPLACE INTO chain(authority, number, sha256) VALUES (?, ?, ?)");
        statement.bind(authority_).bind(end.number).bind(end.sha256).run();
    }

    void commit() {
        database_->execute("COMMIT");
        database_->checkpoint();
    }

private:
    OrderNote look_up(std::string_view order, const Hash256& content) {
        const Use use{find_};
        if (!find_.bind(authority_).bind(order).step()) {
            return {};
        }
        OrderNote note;
        if (const auto owner = find_.text(0); owner != source_) {
            return {OrderNews::foreign, 0, owner};
        }
        const auto run = find_.integer(2);
        if (run == run_) {
            return {OrderNews::twice, find_.integer(3), {}};
        }
        if (run == 0) {
            return note;
        }
        note.news = std::ranges::equal(find_.bytes(1), content) ? OrderNews::same : OrderNews::changed;
        return note;
    }

    std::unique_ptr<Database> database_;
    Statement find_;
    Statement put_;
    Statement touch_;
    std::string authority_;
    std::string source_;
    std::int64_t run_ = 0;
};

ImportLog::ImportLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImportLog::~ImportLog() = default;

Result<std::unique_ptr<ImportLog>, StoreFailure> ImportLog::open(const std::filesystem::path& file) {
    auto opened = open_database({std::filesystem::absolute(file), {}, import_application, history, {}, {}});
    if (!opened) {
        return Failure{std::move(opened).error()};
    }
    if (opened->set_aside) {
        // A new file would bring every order again, and begin each chain at 1: that is for a person to decide.
        std::error_code ignored;
        std::filesystem::rename(*opened->set_aside, file, ignored);
        return Failure{StoreFailure{StoreFault::corrupt, file.string() +
                                                             ": is damaged; bring a backup back, or take it away to "
                                                             "import everything anew (with --number and --previous)"}};
    }
    try {
        return std::unique_ptr<ImportLog>{new ImportLog{std::make_unique<Impl>(std::move(opened->database))}};
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

void ImportLog::begin(std::string_view authority, std::string_view source) {
    impl_->begin(authority, source);
}
OrderNote ImportLog::note(std::string_view order, const Hash256& content, bool in_force, std::int64_t place) {
    return impl_->note(order, content, in_force, place);
}
void ImportLog::keep(std::string_view order) {
    impl_->keep(order);
}
void ImportLog::vanished(const std::function<void(const std::string& order)>& give) {
    impl_->vanished(give);
}
void ImportLog::forget(std::string_view order) {
    impl_->forget(order);
}
std::optional<ChainEnd> ImportLog::chain(std::string_view authority) {
    return impl_->chain(authority);
}
void ImportLog::set_chain(const ChainEnd& end) {
    impl_->set_chain(end);
}
void ImportLog::commit() {
    impl_->commit();
}

}  // namespace portcullis::store
