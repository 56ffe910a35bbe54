#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "store/database.hpp"
#include "store/order_cache.hpp"
#include "store/order_ends.hpp"
#include "store/order_sync.hpp"
#include "store/order_tables.hpp"

namespace portcullis::store {

/// When a slice has taken enough: at so many changes, or when `over` says so.
struct SliceEnd {
    std::size_t changes = 0;
    std::function<bool()> over;
};

/// One authority's orders: a database of its own, in which its batches are applied by slices. Throws DatabaseError.
///
/// Writing syncs nothing but the log's head: the log is synced before it is moved into the pages, these before the log
/// begins anew, and the log of a batch before the batch counts. These syncs may be another thread's work.
class AuthorityOrders {
public:
    AuthorityOrders(std::unique_ptr<Database> database, const Authority& authority);

    [[nodiscard]] const OrderFileState& state() const { return state_; }
    [[nodiscard]] OrderTables& tables() { return tables_; }
    [[nodiscard]] OrderEnds& ends() { return ends_; }
    [[nodiscard]] const std::filesystem::path& file() const { return database_->file(); }

    void begin(OrderBatchRows batch);
    [[nodiscard]] bool busy() const { return batch_.has_value(); }
    /// One slice; `cursor` is what the gate counts when this one is visible.
    [[nodiscard]] std::optional<BatchApplied> apply_slice(const SliceEnd& end, std::int64_t cursor);
    /// Gives the batch up: what it left is dropped before the next. False when the database is in doubt.
    [[nodiscard]] bool give_up();

    [[nodiscard]] bool untidy() const;
    void tidy(const SliceEnd& end);
    /// What has to be durable before any of this goes on; whoever runs it calls `synced`.
    [[nodiscard]] std::shared_ptr<OrderSync> due_sync();
    void synced();
    void set_page_cache(std::size_t kib) { database_->set_page_cache(kib); }
    [[nodiscard]] const Database& database() const { return *database_; }
    /// Takes out up to `rows` orders that ended before `before`; how many it were.
    [[nodiscard]] std::size_t forget_ended(WallTime before, std::size_t rows);

    void begin_reading() { begin_reading_.run(); }
    void end_reading() { end_.run(); }
    void stop_reading() { static_cast<void>(database_->roll_back()); }

private:
    enum class Step : std::uint8_t {
        write,          ///< the next slice
        sync_log,       ///< it is long: before it is moved
        move_log,       ///< it is durable
        sync_pages,     ///< it is moved: what is written next begins it anew
        sync_batch,     ///< the last slice is in the log, and nobody sees it yet
        batch_durable,  ///< the next slice says so
    };
    template <class Work>
    void in_transaction(const Work& work) {
        database_->execute("PRAGMA synchronous=NORMAL");
        begin_writing_.run();
        work();
        end_.run();
    }
    /// Does one step towards the next write; false when it may be done now.
    [[nodiscard]] bool is_under_way();
    void write_changes(const SliceEnd& end, std::int64_t cursor);
    [[nodiscard]] std::optional<BatchApplied> batch_durable();

    std::shared_ptr<Database> database_;
    OrderTables tables_;
    OrderEnds ends_{*database_};
    Statement begin_reading_ = database_->prepare("BEGIN");
    Statement begin_writing_ = database_->prepare("BEGIN IMMEDIATE");
    Statement end_ = database_->prepare("COMMIT");
    OrderFileState state_;
    std::optional<OrderBatchRows> batch_;
    std::size_t next_change_ = 0;
    Step step_ = Step::write;
    BatchApplied applied_;
    bool pending_ = false;
    bool garbage_ = true;
};

}  // namespace portcullis::store
