#include "store/order_cache.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "store/open_database.hpp"
#include "store/order_cache_impl.hpp"
#include "store/order_files.hpp"
#include "store/order_fill.hpp"

namespace portcullis::store {

std::optional<StoreFailure> OrderCache::Impl::open_all() {
    const auto lives = settle_order_files(settings_.directory);
    if (!lives) {
        return lives.error();
    }
    for (const auto& [authority, life] : *lives) {
        if (auto failed = open_one(authority, life, !settings_.stopped_clean)) {
            return failed;
        }
    }
    read_state();
    return std::nullopt;
}

std::optional<StoreFailure> OrderCache::Impl::open_one(const Authority& authority, std::int64_t life, bool check) {
    auto opened =
        open_database({order_file(settings_.directory, authority, life), settings_.file_system, orders_application,
                       order_history(), [check](Database&) { return !check; }, settings_.announce});
    if (!opened) {
        return opened.error();
    }
    if (opened->set_aside) {
        set_aside_ = opened->set_aside;
    }
    try {
        opened->database->execute(order_late_indexes());
        seats_[authority] = {life, std::make_unique<AuthorityOrders>(std::move(opened->database), authority)};
        share_page_cache();
    } catch (const DatabaseError& error) {
        return failure_of(error);
    }
    return std::nullopt;
}

void OrderCache::Impl::share_page_cache() {
    for (auto& [authority, seat] : seats_) {
        seat.orders->set_page_cache(settings_.page_cache_kib / seats_.size());
    }
}

void OrderCache::Impl::read_state() {
    CacheState state;
    state.cursor = state_.cursor;
    for (const auto& [authority, seat] : seats_) {
        const auto& file = seat.orders->state();
        state.cursor = std::max(state.cursor, file.position.cursor);
        state.applied_at = std::max(state.applied_at, file.applied_at);
        if (file.position.number > 0) {
            state.positions.push_back(file.position);
        }
    }
    state_ = std::move(state);
}

bool OrderCache::Impl::untidy() const {
    return std::any_of(seats_.begin(), seats_.end(), [](const auto& seat) { return seat.second.orders->untidy(); });
}

void OrderCache::Impl::raise_cursor(std::int64_t at_least) {
    state_.cursor = std::max(state_.cursor, at_least);
}

void OrderCache::Impl::begin(OrderBatchRows batch) {
    if (batch_ || applying_) {
        throw std::logic_error{"order cache: batch " + std::to_string(batch.number) + " of " + batch.authority.text() +
                               " given while another one is being applied"};
    }
    batch_ = std::move(batch);
}

StoreFailure OrderCache::Impl::broken_by(StoreFailure failure) {
    if (failure.fault != StoreFault::full) {
        broken_ = failure;
    }
    return failure;
}

Result<std::optional<BatchApplied>, StoreFailure> OrderCache::Impl::apply_slice() {
    if (broken_) {
        return Failure{*broken_};
    }
    if (!batch_ && !applying_) {
        throw std::logic_error{"order cache: no batch is being applied"};
    }
    must_not_sync("a slice");
    if (batch_) {
        const auto authority = batch_->authority;
        if (!seats_.contains(authority)) {
            if (auto failed = open_one(authority, 0, false)) {
                batch_.reset();
                std::error_code unknown;
                if (!std::filesystem::exists(order_file(settings_.directory, authority, 0), unknown)) {
                    failed->fault = StoreFault::full;  // a file that could not be made leaves all as it was
                }
                return Failure{broken_by(std::move(*failed))};
            }
        }
        seats_.at(authority).orders->begin(std::move(*std::exchange(batch_, std::nullopt)));
        applying_ = authority;
    }
    auto& orders = *seats_.at(*applying_).orders;
    try {
        auto applied = orders.apply_slice(end_of_slice(), state_.cursor + 1);
        if (applied) {
            applying_.reset();
            read_state();
        }
        return applied;
    } catch (const DatabaseError& error) {
        applying_.reset();
        auto failure = failure_of(error);
        if (!orders.give_up()) {
            broken_ = failure;
        }
        return Failure{broken_by(std::move(failure))};
    }
}

SliceEnd OrderCache::Impl::end_of_slice() const {
    SliceEnd end{settings_.changes_in_slice, {}};
    if (settings_.now) {
        end.over = [&now = settings_.now, until = settings_.now() + settings_.slice] { return now() >= until; };
    }
    return end;
}

std::shared_ptr<OrderSync> OrderCache::Impl::take_sync() {
    if (broken_ || syncing_ != nullptr) {
        return nullptr;
    }
    for (const auto& [authority, seat] : seats_) {
        if (auto sync = seat.orders->due_sync()) {
            syncing_ = sync;
            return sync;
        }
    }
    return nullptr;
}

std::optional<StoreFailure> OrderCache::Impl::synced(const OrderSync& sync) {
    syncing_ = nullptr;
    for (auto& [authority, seat] : seats_) {
        if (!sync.is_of(seat.orders->database())) {
            continue;
        }
        if (sync.failure()) {
            // What the disk did not take once, it must not be asked to have taken.
            broken_ = sync.failure();
            applying_.reset();
            return broken_;
        }
        seat.orders->synced();
    }
    return std::nullopt;
}

void OrderCache::Impl::must_not_sync(const char* what) const {
    if (syncing_ != nullptr) {
        throw std::logic_error{std::string{"order cache: "} + what + " while a sync is under way"};
    }
}

std::optional<StoreFailure> OrderCache::Impl::tidy() {
    if (broken_) {
        return broken_;
    }
    must_not_sync("tidied");
    for (auto& [authority, seat] : seats_) {
        if (!seat.orders->untidy()) {
            continue;
        }
        try {
            seat.orders->tidy(end_of_slice());
        } catch (const DatabaseError& error) {
            seat.orders->stop_reading();
            return broken_by(failure_of(error));
        }
        return std::nullopt;
    }
    return std::nullopt;
}

Result<OrderCache::Swapped, StoreFailure> OrderCache::Impl::swap_in(std::unique_ptr<OrderFill> fill, WallTime now) {
    if (broken_) {
        return Failure{*broken_};
    }
    const auto authority = fill->authority();
    if (applying_ == authority || (batch_ && batch_->authority == authority)) {
        throw std::logic_error{"order cache: a snapshot of " + authority.text() + " while its batch is being applied"};
    }
    auto sealed = fill->seal(state_.cursor + 1, now);
    if (!sealed) {
        return Failure{std::move(sealed).error()};
    }
    fill.reset();
    const auto seat = seats_.find(authority);
    const auto life = seat == seats_.end() ? 0 : seat->second.life + 1;
    const auto target = order_file(settings_.directory, authority, life);
    if (auto failed = move_into_place(order_fill_file(settings_.directory, authority), target)) {
        return Failure{broken_by(std::move(*failed))};
    }
    Swapped swapped{*sealed, {}};
    if (seat != seats_.end()) {
        swapped.left_over.push_back(seat->second.orders->file());
        seats_.erase(seat);
    }
    if (auto failed = open_one(authority, life, false)) {
        broken_ = *failed;  // the file counts, and nobody can read it here
        return Failure{std::move(*failed)};
    }
    read_state();
    return swapped;
}

Result<std::size_t, StoreFailure> OrderCache::Impl::forget_ended(WallTime before) {
    if (broken_) {
        return Failure{*broken_};
    }
    if (syncing()) {
        return std::size_t{0};
    }
    for (auto& [authority, seat] : seats_) {
        try {
            if (const auto forgotten = seat.orders->forget_ended(before, settings_.changes_in_slice); forgotten > 0) {
                return forgotten;
            }
        } catch (const DatabaseError& error) {
            seat.orders->stop_reading();
            return Failure{broken_by(failure_of(error))};
        }
    }
    return std::size_t{0};
}

// ---- OrderCache

OrderCache::OrderCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OrderCache::~OrderCache() = default;

Result<std::unique_ptr<OrderCache>, StoreFailure> OrderCache::open(const OrderCacheSettings& settings) {
    auto impl = std::make_unique<Impl>(settings);
    if (auto failed = impl->open_all()) {
        return Failure{std::move(*failed)};
    }
    return std::unique_ptr<OrderCache>{new OrderCache{std::move(impl)}};
}

const CacheState& OrderCache::state() const {
    return impl_->state();
}

const std::optional<std::filesystem::path>& OrderCache::set_aside() const {
    return impl_->set_aside();
}

void OrderCache::raise_cursor(std::int64_t at_least) {
    impl_->raise_cursor(at_least);
}

void OrderCache::begin(OrderBatchRows batch) {
    impl_->begin(std::move(batch));
}

bool OrderCache::busy() const {
    return impl_->busy();
}

Result<std::optional<BatchApplied>, StoreFailure> OrderCache::apply_slice() {
    return impl_->apply_slice();
}

bool OrderCache::untidy() const {
    return impl_->untidy();
}

std::optional<StoreFailure> OrderCache::tidy() {
    return impl_->tidy();
}

std::shared_ptr<OrderSync> OrderCache::take_sync() {
    return impl_->take_sync();
}

bool OrderCache::syncing() const {
    return impl_->syncing();
}

std::optional<StoreFailure> OrderCache::synced(const OrderSync& sync) {
    return impl_->synced(sync);
}

Result<OrderCache::Swapped, StoreFailure> OrderCache::swap_in(std::unique_ptr<OrderFill> fill, WallTime now) {
    return impl_->swap_in(std::move(fill), now);
}

Result<std::size_t, StoreFailure> OrderCache::forget_ended(WallTime before) {
    return impl_->forget_ended(before);
}

}  // namespace portcullis::store
