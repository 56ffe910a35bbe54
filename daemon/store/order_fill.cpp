#include "store/order_fill.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "store/open_database.hpp"
#include "store/order_files.hpp"
#include "store/order_tables.hpp"

namespace portcullis::store {
namespace {

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

/// A revoked order is as good as ended, and not before it would have been.
std::optional<std::int64_t> end_of(const SnapshotRow& row) {
    const bool revoked = !row.revoke_reason.empty();
    if (!row.valid_to) {
        return revoked ? std::optional{milliseconds(row.decided)} : std::nullopt;
    }
    return milliseconds(revoked ? std::max(*row.valid_to, row.decided) : *row.valid_to);
}

std::optional<std::string_view> unless_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace

/// So much of it is written at once: a millisecond or two of the disk.
constexpr std::size_t piece_bytes_alone = std::size_t{512} * 1024;
/// While verdicts are committed beside it: the commit that meets a piece waits for all of it.
constexpr std::size_t piece_bytes_beside = std::size_t{128} * 1024;
/// So many pieces without a commit, and nobody is beside it: some tenths of a second.
constexpr int pieces_alone = 64;
/// What a row takes beside its texts, roughly.
constexpr std::size_t row_bytes = 60;
/// While an index is built: so many steps write no more than a piece.
constexpr int steps_of_piece = 5'000;
constexpr std::size_t index_cache_kib = std::size_t{4} * 1024;

class OrderFill::Impl {
public:
    Impl(const OrderFillSettings& settings, SnapshotPosition position)
        : position_(std::move(position)),
          way_(settings.right_of_way),
          file_(order_fill_file(settings.directory, position_.authority)),
          database_(std::make_unique<Database>(file_, settings.file_system, orders_application)) {
        database_->configure_fill();
        migrate(*database_, order_history());
        insert_ = database_->prepare(
            "INSERT INTO order_version(id, order_id, since, until, status, enterprise, origin, hs, first_seen, "
            "changed_at, revoke_reason, revoke_officer, revoke_decided, body, ends) "
            "VALUES (?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insert_key_ = database_->prepare("INSERT OR IGNORE INTO found_by(kind, key, id) VALUES (?, ?, ?)");
        database_->execute("BEGIN IMMEDIATE");
    }

    [[nodiscard]] const SnapshotPosition& position() const { return position_; }
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] bool sealed() const { return database_ == nullptr; }

    [[nodiscard]] bool add(const SnapshotRow& row);
    void write(const SnapshotRow& row);
    [[nodiscard]] std::optional<StoreFailure> sync();
    [[nodiscard]] Result<Finished, StoreFailure> finish();
    [[nodiscard]] Result<BatchApplied, StoreFailure> seal(std::int64_t cursor, WallTime now);

private:
    SnapshotPosition position_;
    void write_piece();
    void build_indexes();
    void stand_aside();
    [[nodiscard]] std::size_t piece_bytes() const {
        return pieces_since_commit_ < pieces_alone ? piece_bytes_beside : piece_bytes_alone;
    }

    std::shared_ptr<RightOfWay> way_;
    std::uint32_t commits_seen_ = 0;
    int pieces_since_commit_ = pieces_alone;
    std::filesystem::path file_;
    std::unique_ptr<Database> database_;
    Statement insert_;
    Statement insert_key_;
    std::int64_t rows_ = 0;
    std::size_t bytes_ = 0;  ///< since the last piece
    std::int64_t last_first_id_ = 0;
    std::int64_t last_id_ = -1;
    std::optional<StoreFailure> failed_;
};

bool OrderFill::Impl::add(const SnapshotRow& row) {
    const auto range = ids_of(row.container);
    if (range.first < last_first_id_) {
        return false;
    }
    if (failed_) {
        return true;
    }
    last_id_ = range.first == last_first_id_ && last_id_ >= range.first ? last_id_ + 1 : range.first;
    last_first_id_ = range.first;
    try {
        write(row);
        bytes_ += row_bytes + row.id.size() + row.body.size();
        if (bytes_ >= piece_bytes()) {
            write_piece();
        }
    } catch (const DatabaseError& error) {
        failed_ = failure_of(error);
    }
    return true;
}

void OrderFill::Impl::write(const SnapshotRow& row) {
    const bool revoked = !row.revoke_reason.empty();
    const Use use{insert_.bind(last_id_)
                      .bind_view(row.id)
                      .bind_view(row.status)
                      .bind(unless_empty(row.enterprise))
                      .bind(unless_empty(row.origin))
                      .bind(unless_empty(row.hs))
                      .bind(milliseconds(row.decided))
                      .bind(milliseconds(row.decided))
                      .bind(unless_empty(row.revoke_reason))
                      .bind(revoked ? std::optional{row.officer} : std::nullopt)
                      .bind(revoked ? std::optional{milliseconds(row.decided)} : std::nullopt)
                      .bind_view(row.body)
                      .bind(end_of(row))};
    insert_.step();
    for (const auto& plate : row.plates) {
        insert_key_.bind(found_by_plate).bind(plate.text()).bind(last_id_).run();
    }
    if (row.targeting != nullptr) {
        insert_key_.bind(found_by_targeting(row.targeting->kind)).bind(row.targeting->text).bind(last_id_).run();
    }
    ++rows_;
}

void OrderFill::Impl::stand_aside() {
    if (!way_) {
        return;
    }
    way_->stand_aside();
    const auto commits = way_->begun();
    pieces_since_commit_ =
        commits != std::exchange(commits_seen_, commits) ? 0 : std::min(pieces_since_commit_ + 1, pieces_alone);
}

void OrderFill::Impl::write_piece() {
    stand_aside();
    database_->execute("COMMIT; BEGIN IMMEDIATE");
    bytes_ = 0;
}

/// One statement writes all of an index: what it has written is synced while it runs, or all of it would be at once.
void OrderFill::Impl::build_indexes() {
    // What is in memory alone is written with the last of it.
    database_->set_page_cache(index_cache_kib);
    const auto pages = database_->sync_of(Database::Part::pages);
    database_->each_steps(steps_of_piece, [this, pages, synced = pages.file_bytes()]() mutable {
        // First it sorts, and writes nothing here.
        if (pages.file_bytes() - synced < static_cast<std::int64_t>(piece_bytes())) {
            return true;
        }
        stand_aside();
        synced = pages.file_bytes();
        try {
            pages.run();
        } catch (const DatabaseError& error) {
            failed_ = failure_of(error);
        }
        return !failed_;
    });
    database_->execute(order_late_indexes());
    database_->each_steps(0, {});
}

std::optional<StoreFailure> OrderFill::Impl::sync() {
    if (failed_) {
        return failed_;
    }
    try {
        write_piece();
    } catch (const DatabaseError& error) {
        failed_ = failure_of(error);
    }
    return failed_;
}

Result<OrderFill::Finished, StoreFailure> OrderFill::Impl::finish() {
    if (failed_) {
        return Failure{*failed_};
    }
    try {
        database_->execute("COMMIT");
        database_->execute("BEGIN IMMEDIATE");
        build_indexes();
        auto state = database_->prepare(
            "UPDATE state SET source = 'snapshot', number = ?, hash = ?, added = ?, changed = 0, removed = 0");
        state.bind(position_.number).bind(position_.hash).bind(rows_).run();
        database_->execute("COMMIT");
        return Finished::whole;
    } catch (const DatabaseError& error) {
        if (error.is_not_unique()) {
            return Finished::taken_twice;
        }
        failed_ = failed_ ? failed_ : failure_of(error);
        return Failure{*failed_};
    }
}

Result<BatchApplied, StoreFailure> OrderFill::Impl::seal(std::int64_t cursor, WallTime now) {
    if (failed_) {
        return Failure{*failed_};
    }
    try {
        database_->prepare("UPDATE state SET cursor = ?, applied_at = ?").bind(cursor).bind(milliseconds(now)).run();
        insert_ = {};
        insert_key_ = {};
        database_.reset();
    } catch (const DatabaseError& error) {
        failed_ = failure_of(error);
        return Failure{*failed_};
    }
    return BatchApplied{position_.authority, position_.number, position_.hash, cursor, rows_, 0, 0, true};
}

// ---- OrderFill

OrderFill::OrderFill(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

OrderFill::~OrderFill() {
    if (impl_->sealed()) {
        return;
    }
    const auto file = impl_->file();
    impl_.reset();
    // What cannot be removed now is removed by the next start.
    static_cast<void>(remove_database(file));
}

Result<std::unique_ptr<OrderFill>, StoreFailure> OrderFill::begin(const OrderFillSettings& settings,
                                                                  const SnapshotPosition& position) {
    if (auto failed = remove_database(order_fill_file(settings.directory, position.authority))) {
        return Failure{std::move(*failed)};
    }
    try {
        return std::unique_ptr<OrderFill>{new OrderFill{std::make_unique<Impl>(settings, position)}};
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

const SnapshotPosition& OrderFill::position() const {
    return impl_->position();
}

std::int64_t OrderFill::rows() const {
    return impl_->rows();
}

bool OrderFill::add(const SnapshotRow& row) {
    return impl_->add(row);
}

std::optional<StoreFailure> OrderFill::sync() {
    return impl_->sync();
}

Result<OrderFill::Finished, StoreFailure> OrderFill::finish() {
    return impl_->finish();
}

Result<BatchApplied, StoreFailure> OrderFill::seal(std::int64_t cursor, WallTime now) {
    return impl_->seal(cursor, now);
}

}  // namespace portcullis::store
