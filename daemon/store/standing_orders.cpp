#include "store/standing_orders.hpp"

#include <utility>

#include "store/database.hpp"
#include "store/open_database.hpp"
#include "store/order_files.hpp"

namespace portcullis::store {
namespace {

/// "PcSo": PRAGMA application_id.
constexpr std::int32_t standing_application = 0x5063536f;

constexpr auto standing_tables = R"(
CREATE TABLE standing(id TEXT NOT NULL UNIQUE, place INTEGER NOT NULL, line TEXT NOT NULL) STRICT;
CREATE TABLE note(id TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, key)) STRICT, WITHOUT ROWID;
CREATE TABLE sorted(id TEXT NOT NULL, line TEXT NOT NULL) STRICT;
)";

template <class Work>
std::optional<StoreFailure> attempted(const Work& work) {
    try {
        work();
        return std::nullopt;
    } catch (const DatabaseError& error) {
        return failure_of(error);
    }
}

}  // namespace

class StandingOrders::Impl {
public:
    explicit Impl(std::filesystem::path file) : file_(std::move(file)), database_(open(file_)) {
        database_->execute("BEGIN");
    }

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    void put(std::string_view id, std::int64_t place, std::string_view line) {
        put_.bind_view(id).bind(place).bind_view(line).run();
    }
    void rewrite(std::string_view id, std::string_view line) { rewrite_.bind_view(line).bind_view(id).run(); }
    void note(std::string_view id, std::string_view key, std::string_view text) {
        note_.bind_view(id).bind_view(key).bind_view(text).run();
        has_notes_ = true;
    }
    [[nodiscard]] std::optional<std::string> line_of(std::string_view id) {
        Use row{line_.bind_view(id)};
        return row->step() ? std::optional{row->text(0)} : std::nullopt;
    }
    void sort() {
        // One sort, then as many passes as are wanted.
        database_->execute("INSERT INTO sorted(id, line) SELECT id, line FROM standing ORDER BY place, id; COMMIT");
    }
    void each(const Take& take) {
        Use row{all_};
        while (row->step()) {
            Standing standing{row->text(1), {}};
            if (has_notes_) {
                Use note{notes_.bind(row->text(0))};
                while (note->step()) {
                    standing.notes.push_back(note->text(0));
                }
            }
            take(standing);
        }
    }

private:
    static std::unique_ptr<Database> open(const std::filesystem::path& file) {
        auto database = std::make_unique<Database>(file, std::string{}, standing_application);
        database->configure_fill();
        database->execute(standing_tables);
        return database;
    }

    std::filesystem::path file_;
    std::unique_ptr<Database> database_;
    bool has_notes_ = false;
    Statement put_ = database_->prepare(
        "INSERT INTO standing(id, place, line) VALUES (?, ?, ?) ON CONFLICT(id) DO UPDATE SET place = excluded.place, "
        "line = excluded.line");
    Statement rewrite_ = database_->prepare("UPDATE standing SET line = ? WHERE id = ?");
    Statement line_ = database_->prepare("SELECT line FROM standing WHERE id = ?");
    Statement note_ = database_->prepare(
        "INSERT INTO note(id, key, text) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text");
    Statement notes_ = database_->prepare("SELECT text FROM note WHERE id = ? ORDER BY key");
    Statement all_ = database_->prepare("SELECT id, line FROM sorted ORDER BY rowid");
};

StandingOrders::StandingOrders(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

StandingOrders::~StandingOrders() {
    const auto file = impl_->file();
    impl_.reset();
    // What cannot be removed now is there for its owner to see.
    static_cast<void>(remove_database(file));
}

Result<std::unique_ptr<StandingOrders>, StoreFailure> StandingOrders::begin(const std::filesystem::path& file) {
    std::error_code unknown;
    if (std::filesystem::exists(file, unknown)) {
        return Failure{
            StoreFailure{StoreFault::input_output,
                         file.string() + ": is there already, of a run that was cut off or that is under way"}};
    }
    try {
        return std::unique_ptr<StandingOrders>{new StandingOrders{std::make_unique<Impl>(file)}};
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

std::optional<StoreFailure> StandingOrders::put(std::string_view id, std::int64_t place, std::string_view line) {
    return attempted([&] { impl_->put(id, place, line); });
}

std::optional<StoreFailure> StandingOrders::rewrite(std::string_view id, std::string_view line) {
    return attempted([&] { impl_->rewrite(id, line); });
}

std::optional<StoreFailure> StandingOrders::note(std::string_view id, std::string_view key, std::string_view text) {
    return attempted([&] { impl_->note(id, key, text); });
}

std::optional<StoreFailure> StandingOrders::sort() {
    return attempted([&] { impl_->sort(); });
}

std::optional<StoreFailure> StandingOrders::each(const Take& take) {
    return attempted([&] { impl_->each(take); });
}

Result<std::optional<std::string>, StoreFailure> StandingOrders::line_of(std::string_view id) {
    try {
        return impl_->line_of(id);
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

}  // namespace portcullis::store
