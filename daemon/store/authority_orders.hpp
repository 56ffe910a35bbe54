#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
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

    void begin_reading() { begin_reading_.run(); }
    void end_reading() { end_.run(); }
    void stop_reading() { static_cast<void>(database_->roll_back()); }

private:
    /// What nobody sees yet need not be durable: the log keeps its order, and what makes it visible syncs all of it.
    enum class Durable : std::uint8_t { yes, with_what_follows };
    template <class Work>
    void in_transaction(Durable durable, const Work& work) {
        database_->execute(durable == Durable::yes ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        begin_writing_.run();
        work();
        end_.run();
    }
    [[nodiscard]] std::optional<BatchApplied> apply_changes(std::size_t changes, std::int64_t cursor);

    std::unique_ptr<Database> database_;
    OrderTables tables_;
    Statement begin_reading_ = database_->prepare("BEGIN");
    Statement begin_writing_ = database_->prepare("BEGIN IMMEDIATE");
    Statement end_ = database_->prepare("COMMIT");
    OrderFileState state_;
    std::optional<OrderBatchRows> batch_;
    std::size_t next_change_ = 0;
    BatchApplied applied_;
    bool pending_ = false;
    bool garbage_ = true;
};

}  // namespace portcullis::store
