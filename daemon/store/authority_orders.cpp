#include "store/authority_orders.hpp"

#include <algorithm>

namespace portcullis::store {
namespace {

/// Moving this many frames of 4 KiB, without syncs, takes about as long as a slice.
constexpr int frames_due = 500;

}  // namespace

AuthorityOrders::AuthorityOrders(std::unique_ptr<Database> database, const Authority& authority)
    : database_(std::move(database)), tables_(*database_, authority) {
    in_transaction([this] { tables_.drop_pending(); });
    // What a killed process left in the log need not be durable, and from now on it counts.
    database_->sync_of(Database::Part::log).run();
    state_ = tables_.read_state();
}

void AuthorityOrders::begin(OrderBatchRows batch) {
    applied_ = {batch.authority, batch.number, batch.hash};
    next_change_ = 0;
    batch_ = std::move(batch);
}

std::shared_ptr<OrderSync> AuthorityOrders::due_sync() {
    switch (step_) {
        case Step::sync_log:
        case Step::sync_batch:
            return std::make_shared<OrderSync>(database_, database_->sync_of(Database::Part::log));
        case Step::sync_pages:
            return std::make_shared<OrderSync>(database_, database_->sync_of(Database::Part::pages));
        case Step::write:
        case Step::move_log:
        case Step::batch_durable:
            break;
    }
    return nullptr;
}

void AuthorityOrders::synced() {
    switch (step_) {
        case Step::sync_log:
            step_ = Step::move_log;
            break;
        case Step::sync_pages:
            step_ = Step::write;
            break;
        case Step::sync_batch:
            step_ = Step::batch_durable;
            break;
        case Step::write:
        case Step::move_log:
        case Step::batch_durable:
            break;
    }
}

bool AuthorityOrders::is_under_way() {
    switch (step_) {
        case Step::sync_log:
            database_->sync_of(Database::Part::log).run();
            synced();
            return true;
        case Step::sync_batch:
            database_->sync_of(Database::Part::log).run();
            synced();
            return false;
        case Step::move_log:
            database_->move_log();
            step_ = Step::sync_pages;
            return true;
        case Step::sync_pages:
            database_->sync_of(Database::Part::pages).run();
            synced();
            return true;
        case Step::write:
        case Step::batch_durable:
            break;
    }
    if (step_ == Step::write && database_->log_frames() >= frames_due) {
        step_ = Step::sync_log;
        return true;
    }
    return false;
}

std::optional<BatchApplied> AuthorityOrders::apply_slice(const SliceEnd& end, std::int64_t cursor) {
    if (is_under_way()) {
        return std::nullopt;
    }
    if (step_ == Step::batch_durable) {
        return batch_durable();
    }
    if (pending_) {
        in_transaction([this] { tables_.drop_pending(); });
        pending_ = false;
        return std::nullopt;
    }
    write_changes(end, cursor);
    return std::nullopt;
}

void AuthorityOrders::write_changes(const SliceEnd& end, std::int64_t cursor) {
    in_transaction([&] {
        for (std::size_t taken = 0; next_change_ < batch_->changes.size() && taken < end.changes; ++taken) {
            if (taken > 0 && end.over && end.over()) {
                break;
            }
            const auto& change = batch_->changes[next_change_++];
            if (change.put) {
                tables_.put(*batch_, *change.put, applied_);
            } else if (change.revoked) {
                tables_.revoke(*batch_, *change.revoked, applied_);
            }
        }
        if (next_change_ == batch_->changes.size()) {
            applied_.cursor = cursor;
            tables_.make_visible(*batch_, applied_);
        }
    });
    if (next_change_ == batch_->changes.size()) {
        step_ = Step::sync_batch;
    }
}

/// What `tables_` shows changes only here, so nobody has looked at what a power cut could take back.
std::optional<BatchApplied> AuthorityOrders::batch_durable() {
    step_ = Step::write;
    batch_.reset();
    garbage_ = true;
    state_ = tables_.read_state();
    return applied_;
}

bool AuthorityOrders::give_up() {
    batch_.reset();
    pending_ = true;
    return database_->roll_back();
}

bool AuthorityOrders::untidy() const {
    return garbage_ || step_ != Step::write || database_->log_frames() >= frames_due;
}

void AuthorityOrders::tidy(const SliceEnd& end) {
    // A batch whose last slice is written waits for its own next call, and what it replaced is still seen.
    if (is_under_way() || step_ != Step::write) {
        return;
    }
    in_transaction([&] { garbage_ = tables_.remove_garbage(static_cast<std::int64_t>(end.changes), end.over); });
}

std::size_t AuthorityOrders::forget_ended(WallTime before, std::size_t rows) {
    while (is_under_way()) {
    }
    if (step_ != Step::write) {
        return 0;  // behind the batch
    }
    std::size_t forgotten = 0;
    in_transaction([&] { forgotten = ends_.forget(before, rows); });
    return forgotten;
}

}  // namespace portcullis::store
