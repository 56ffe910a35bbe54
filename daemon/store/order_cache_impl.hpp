#pragma once

#include <map>
#include <memory>
#include <optional>

#include "store/authority_orders.hpp"
#include "store/order_cache.hpp"

namespace portcullis::store {

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
    [[nodiscard]] std::shared_ptr<OrderSync> take_sync();
    [[nodiscard]] bool syncing() const { return syncing_ != nullptr; }
    [[nodiscard]] std::optional<StoreFailure> synced(const OrderSync& sync);
    [[nodiscard]] Result<Swapped, StoreFailure> swap_in(std::unique_ptr<OrderFill> fill, WallTime now);
    [[nodiscard]] Result<CacheAnswer, StoreFailure> look_up(const OrderQuestion& question, WallTime now);
    [[nodiscard]] Result<std::size_t, StoreFailure> forget_ended(WallTime before);
    /// What `read` finds among an authority's orders; nothing of it where there are none.
    template <class Found, class Read>
    [[nodiscard]] Result<Found, StoreFailure> ask(const Authority& authority, const Read& read);

private:
    struct Seat {
        std::int64_t life = 0;
        std::unique_ptr<AuthorityOrders> orders;
    };
    [[nodiscard]] std::optional<StoreFailure> open_one(const Authority& authority, std::int64_t life, bool check);
    void read_state();
    void share_page_cache();
    [[nodiscard]] SliceEnd end_of_slice() const;
    void must_not_sync(const char* what) const;
    [[nodiscard]] StoreFailure broken_by(StoreFailure failure);
    [[nodiscard]] CacheAnswer read(const OrderQuestion& question, WallTime now);

    OrderCacheSettings settings_;
    std::optional<std::filesystem::path> set_aside_;
    std::map<Authority, Seat> seats_;
    CacheState state_;
    std::optional<OrderBatchRows> batch_;  ///< until its authority's file has taken it
    std::optional<Authority> applying_;
    std::shared_ptr<OrderSync> syncing_;
    std::optional<StoreFailure> broken_;
};

}  // namespace portcullis::store
