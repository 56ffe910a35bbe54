#include "store/order_cache.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "store/authority_orders.hpp"
#include "store/open_database.hpp"
#include "store/order_files.hpp"
#include "store/order_fill.hpp"

namespace portcullis::store {
namespace {

void keep_distinct(std::vector<std::string>& texts) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

class OrderCache::Impl {
public:
    explicit Impl(OrderCacheSettings settings) : settings_(std::move(settings)) {}

    /// Opens the file of each authority that has one.
    [[nodiscard]] std::optional<StoreFailure> open_all();

    [[nodiscard]] const CacheState& state() const { return state_; }
    [[nodiscard]] const std::optional<std::filesystem::path>& set_aside() const { return set_aside_; }
    [[nodiscard]] bool busy() const { return batch_.has_value() || applying_.has_value(); }
    [[nodiscard]] bool untidy() const;

    void raise_cursor(std::int64_t at_least);
    void begin(OrderBatchRows batch);
    [[nodiscard]] Result<std::optional<BatchApplied>, StoreFailure> apply_slice();
    [[nodiscard]] std::optional<StoreFailure> tidy();
    [[nodiscard]] Result<Swapped, StoreFailure> swap_in(std::unique_ptr<OrderFill> fill, WallTime now);
    [[nodiscard]] Result<CacheAnswer, StoreFailure> look_up(const OrderQuestion& question, WallTime now);

private:
    struct Seat {
        std::int64_t life = 0;
        std::unique_ptr<AuthorityOrders> orders;
    };
    [[nodiscard]] std::optional<StoreFailure> open_one(const Authority& authority, std::int64_t life, bool check);
    void read_state();
    [[nodiscard]] StoreFailure broken_by(StoreFailure failure);
    [[nodiscard]] CacheAnswer read(const OrderQuestion& question, WallTime now);

    OrderCacheSettings settings_;
    std::optional<std::filesystem::path> set_aside_;
    std::map<Authority, Seat> seats_;
    CacheState state_;
    std::optional<OrderBatchRows> batch_;  ///< until its authority's file has taken it
    std::optional<Authority> applying_;
    std::optional<StoreFailure> broken_;
};

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
        opened->database->execute(order_key_index());
        seats_[authority] = {life, std::make_unique<AuthorityOrders>(std::move(opened->database), authority)};
    } catch (const DatabaseError& error) {
        return failure_of(error);
    }
    return std::nullopt;
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
        auto applied = orders.apply_slice(settings_.changes_in_slice, state_.cursor + 1);
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

std::optional<StoreFailure> OrderCache::Impl::tidy() {
    if (broken_) {
        return broken_;
    }
    for (auto& [authority, seat] : seats_) {
        if (!seat.orders->untidy()) {
            continue;
        }
        try {
            seat.orders->tidy(settings_.changes_in_slice);
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

CacheAnswer OrderCache::Impl::read(const OrderQuestion& question, WallTime now) {
    OrderFindings found;
    for (auto& [authority, seat] : seats_) {
        seat.orders->tables().find(question.containers, question.plates, found);
    }
    keep_distinct(found.enterprises);
    keep_distinct(found.origins);
    keep_distinct(found.goods);
    // Of what only names them: what these orders declare is not this vehicle's.
    OrderFindings beside;
    for (auto& [authority, seat] : seats_) {
        seat.orders->tables().follow(found, beside);
        seat.orders->tables().find(question.near_containers, question.near_plates, beside);
    }
    found.orders.merge(beside.orders);
    CacheAnswer answer{state_.cursor, state_.applied_at, {}};
    for (auto& [key, order] : found.orders) {
        order.changes_24h =
            seats_.at(order.authority).orders->tables().changes_since(order, now - std::chrono::hours{24});
        answer.orders.push_back(std::move(order));
    }
    return answer;
}

/// What fails is the answer to this question, and nothing else.
Result<CacheAnswer, StoreFailure> OrderCache::Impl::look_up(const OrderQuestion& question, WallTime now) {
    if (broken_) {
        return Failure{*broken_};
    }
    try {
        for (auto& [authority, seat] : seats_) {
            seat.orders->begin_reading();
        }
        auto answer = read(question, now);
        for (auto& [authority, seat] : seats_) {
            seat.orders->end_reading();
        }
        return answer;
    } catch (const DatabaseError& error) {
        for (auto& [authority, seat] : seats_) {
            seat.orders->stop_reading();
        }
        return Failure{failure_of(error)};
    }
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

Result<OrderCache::Swapped, StoreFailure> OrderCache::swap_in(std::unique_ptr<OrderFill> fill, WallTime now) {
    return impl_->swap_in(std::move(fill), now);
}

Result<CacheAnswer, StoreFailure> OrderCache::look_up(const OrderQuestion& question, WallTime now) {
    return impl_->look_up(question, now);
}

}  // namespace portcullis::store
