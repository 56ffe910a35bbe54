#include "store/authority_orders.hpp"

#include <algorithm>

namespace portcullis::store {
namespace {

/// Moving this many frames of 4 KiB takes about as long as a slice.
constexpr int frames_due = 250;

}  // namespace

AuthorityOrders::AuthorityOrders(std::unique_ptr<Database> database, const Authority& authority)
    : database_(std::move(database)), tables_(*database_, authority) {
    in_transaction(Durable::yes, [this] { tables_.drop_pending(); });
    state_ = tables_.read_state();
}

void AuthorityOrders::begin(OrderBatchRows batch) {
    applied_ = {batch.authority, batch.number, batch.hash};
    next_change_ = 0;
    batch_ = std::move(batch);
}

std::optional<BatchApplied> AuthorityOrders::apply_slice(std::size_t changes, std::int64_t cursor) {
    if (pending_) {
        in_transaction(Durable::yes, [this] { tables_.drop_pending(); });
        pending_ = false;
        return std::nullopt;
    }
    if (database_->log_frames() >= frames_due) {
        database_->checkpoint();
        return std::nullopt;
    }
    return apply_changes(changes, cursor);
}

std::optional<BatchApplied> AuthorityOrders::apply_changes(std::size_t changes, std::int64_t cursor) {
    const auto end = std::min(next_change_ + changes, batch_->changes.size());
    const bool last = end == batch_->changes.size();
    in_transaction(last ? Durable::yes : Durable::with_what_follows, [&] {
        for (; next_change_ < end; ++next_change_) {
            const auto& change = batch_->changes[next_change_];
            if (change.put) {
                tables_.put(*batch_, *change.put, applied_);
            } else if (change.revoked) {
                tables_.revoke(*batch_, *change.revoked, applied_);
            }
        }
        if (last) {
            applied_.cursor = cursor;
            tables_.make_visible(*batch_, applied_);
        }
    });
    if (!last) {
        return std::nullopt;
    }
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
    return garbage_ || database_->log_frames() >= frames_due;
}

void AuthorityOrders::tidy(std::size_t rows) {
    if (database_->log_frames() >= frames_due) {
        database_->checkpoint();
        return;
    }
    in_transaction(Durable::with_what_follows,
                   [&] { garbage_ = tables_.remove_garbage(static_cast<std::int64_t>(rows)); });
}

}  // namespace portcullis::store
