#include "store/order_cache.hpp"

#include <stdexcept>
#include <utility>

#include "store/database.hpp"
#include "store/open_database.hpp"
#include "store/order_tables.hpp"

namespace portcullis::store {
namespace {

/// "PcOr": PRAGMA application_id.
constexpr std::int32_t cache_application = 0x50634f72;

/// Moving this many frames of 4 KiB takes about as long as a slice.
constexpr int frames_due = 250;

}  // namespace

class OrderCache::Impl {
public:
    Impl(OpenedDatabase opened, std::size_t changes_in_slice)
        : database_(std::move(opened.database)),
          set_aside_(std::move(opened.set_aside)),
          changes_in_slice_(changes_in_slice) {
        in_transaction([this] { tables_.drop_pending(); });
        state_ = tables_.read_state();
    }

    [[nodiscard]] const CacheState& state() const { return state_; }
    [[nodiscard]] const std::optional<std::filesystem::path>& set_aside() const { return set_aside_; }
    [[nodiscard]] bool busy() const { return batch_.has_value(); }
    [[nodiscard]] bool untidy() const { return garbage_ || database_->log_frames() >= frames_due; }

    void raise_cursor(std::int64_t at_least);
    void begin(OrderBatchRows batch);
    [[nodiscard]] std::optional<BatchApplied> apply_slice();
    void tidy();
    [[nodiscard]] CacheAnswer look_up(const OrderQuestion& question, WallTime now);

    /// Runs `work` unless a fault before it left the database in doubt.
    template <class Work>
    auto guarded(const Work& work) -> Result<decltype(work()), StoreFailure> {
        if (broken_) {
            return Failure{*broken_};
        }
        try {
            return work();
        } catch (const DatabaseError& error) {
            batch_.reset();
            pending_ = true;
            auto failure = failure_of(error);
            if (!database_->roll_back() || failure.fault != StoreFault::full) {
                broken_ = failure;
            }
            return Failure{std::move(failure)};
        }
    }

    /// The same for reading: what fails is the answer to this question, and nothing else.
    template <class Read>
    auto answered(const Read& read) -> Result<decltype(read()), StoreFailure> {
        if (broken_) {
            return Failure{*broken_};
        }
        try {
            return read();
        } catch (const DatabaseError& error) {
            static_cast<void>(database_->roll_back());
            return Failure{failure_of(error)};
        }
    }

private:
    template <class Work>
    void in_transaction(const Work& work) {
        database_->execute("BEGIN IMMEDIATE");
        work();
        database_->execute("COMMIT");
    }
    [[nodiscard]] std::optional<BatchApplied> apply_changes();

    std::unique_ptr<Database> database_;
    OrderTables tables_{*database_};
    std::optional<std::filesystem::path> set_aside_;
    std::size_t changes_in_slice_;
    CacheState state_;

    std::optional<OrderBatchRows> batch_;
    std::size_t next_change_ = 0;
    BatchApplied applied_;
    bool pending_ = false;  ///< a batch was given up: what it left is dropped before the next
    bool garbage_ = true;
    std::optional<StoreFailure> broken_;
};

void OrderCache::Impl::raise_cursor(std::int64_t at_least) {
    in_transaction([&] { tables_.raise_cursor(at_least); });
    state_ = tables_.read_state();
}

void OrderCache::Impl::begin(OrderBatchRows batch) {
    if (batch_) {
        throw std::logic_error{"order cache: batch " + std::to_string(batch.number) + " given while " +
                               std::to_string(batch_->number) + " is being applied"};
    }
    applied_ = {batch.authority, batch.number, batch.hash};
    next_change_ = 0;
    batch_ = std::move(batch);
}

std::optional<BatchApplied> OrderCache::Impl::apply_slice() {
    if (!batch_) {
        throw std::logic_error{"order cache: no batch is being applied"};
    }
    if (pending_) {
        in_transaction([this] { tables_.drop_pending(); });
        pending_ = false;
        return std::nullopt;
    }
    if (database_->log_frames() >= frames_due) {
        database_->checkpoint();
        return std::nullopt;
    }
    return apply_changes();
}

std::optional<BatchApplied> OrderCache::Impl::apply_changes() {
    const auto end = std::min(next_change_ + changes_in_slice_, batch_->changes.size());
    const bool last = end == batch_->changes.size();
    in_transaction([&] {
        for (; next_change_ < end; ++next_change_) {
            const auto& change = batch_->changes[next_change_];
            if (change.put) {
                tables_.put(*batch_, *change.put, applied_);
            } else if (change.revoked) {
                tables_.revoke(*batch_, *change.revoked, applied_);
            }
        }
        if (last) {
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

void OrderCache::Impl::tidy() {
    if (database_->log_frames() >= frames_due) {
        database_->checkpoint();
        return;
    }
    in_transaction([this] { garbage_ = tables_.remove_garbage(static_cast<std::int64_t>(changes_in_slice_)); });
}

CacheAnswer OrderCache::Impl::look_up(const OrderQuestion& question, WallTime now) {
    database_->execute("BEGIN");
    CacheAnswer answer{state_.cursor, state_.applied_at, tables_.look_up(question, now)};
    database_->execute("COMMIT");
    return answer;
}

// ---- OrderCache

OrderCache::OrderCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OrderCache::~OrderCache() = default;

Result<std::unique_ptr<OrderCache>, StoreFailure> OrderCache::open(const OrderCacheSettings& settings) {
    auto opened =
        open_database({settings.directory / "orders.db", settings.file_system, cache_application, order_history(),
                       [&](Database&) { return settings.stopped_clean; }, settings.announce});
    if (!opened) {
        return Failure{std::move(opened).error()};
    }
    try {
        auto impl = std::make_unique<Impl>(std::move(opened).value(), settings.changes_in_slice);
        return std::unique_ptr<OrderCache>{new OrderCache{std::move(impl)}};
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

const CacheState& OrderCache::state() const {
    return impl_->state();
}

const std::optional<std::filesystem::path>& OrderCache::set_aside() const {
    return impl_->set_aside();
}

std::optional<StoreFailure> OrderCache::raise_cursor(std::int64_t at_least) {
    const auto raised = impl_->guarded([&] {
        impl_->raise_cursor(at_least);
        return true;
    });
    return raised ? std::nullopt : std::optional{raised.error()};
}

void OrderCache::begin(OrderBatchRows batch) {
    impl_->begin(std::move(batch));
}

bool OrderCache::busy() const {
    return impl_->busy();
}

Result<std::optional<BatchApplied>, StoreFailure> OrderCache::apply_slice() {
    return impl_->guarded([&] { return impl_->apply_slice(); });
}

bool OrderCache::untidy() const {
    return impl_->untidy();
}

std::optional<StoreFailure> OrderCache::tidy() {
    const auto tidied = impl_->guarded([&] {
        impl_->tidy();
        return true;
    });
    return tidied ? std::nullopt : std::optional{tidied.error()};
}

Result<CacheAnswer, StoreFailure> OrderCache::look_up(const OrderQuestion& question, WallTime now) {
    return impl_->answered([&] { return impl_->look_up(question, now); });
}

}  // namespace portcullis::store
