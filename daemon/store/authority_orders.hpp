#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "store/database.hpp"
#include "store/order_cache.hpp"
#include "store/order_tables.hpp"

namespace portcullis::store {

/// One authority's orders: a database of its own, in which its batches are applied by slices. Throws DatabaseError.
class AuthorityOrders {
public:
    AuthorityOrders(std::unique_ptr<Database> database, const Authority& authority);

    [[nodiscard]] const OrderFileState& state() const { return state_; }
    [[nodiscard]] OrderTables& tables() { return tables_; }
    [[nodiscard]] const std::filesystem::path& file() const { return database_->file(); }

    void begin(OrderBatchRows batch);
    [[nodiscard]] bool busy() const { return batch_.has_value(); }
    /// One slice of at most so many changes; `cursor` is what the gate counts when this one is visible.
    [[nodiscard]] std::optional<BatchApplied> apply_slice(std::size_t changes, std::int64_t cursor);
    /// Gives the batch up: what it left is dropped before the next. False when the database is in doubt.
    [[nodiscard]] bool give_up();

    [[nodiscard]] bool untidy() const;
    void tidy(std::size_t rows);

    void begin_reading() { database_->execute("BEGIN"); }
    void end_reading() { database_->execute("COMMIT"); }
    void stop_reading() { static_cast<void>(database_->roll_back()); }

private:
    template <class Work>
    void in_transaction(const Work& work) {
        database_->execute("BEGIN IMMEDIATE");
        work();
        database_->execute("COMMIT");
    }
    [[nodiscard]] std::optional<BatchApplied> apply_changes(std::size_t changes, std::int64_t cursor);

    std::unique_ptr<Database> database_;
    OrderTables tables_;
    OrderFileState state_;
    std::optional<OrderBatchRows> batch_;
    std::size_t next_change_ = 0;
    BatchApplied applied_;
    bool pending_ = false;
    bool garbage_ = true;
};

}  // namespace portcullis::store
