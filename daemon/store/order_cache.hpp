#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/failure.hpp"
#include "store/order_row.hpp"

namespace portcullis::store {

/// A batch that was accepted, ready to be applied. Operations of one order id act in the order of the batch: puts and
/// revocations are given as one list.
struct OrderChange {
    std::optional<OrderRow> put;        ///< either this
    std::optional<Revocation> revoked;  ///< or this
};

struct OrderBatchRows {
    Authority authority;
    std::int64_t number = 0;
    Hash256 hash{};  ///< of the payload
    WallTime now;    ///< when it is applied
    std::vector<OrderChange> changes;
};

/// What an applied batch did (events.md, order.batch).
struct BatchApplied {
    Authority authority;
    std::int64_t number = 0;
    Hash256 hash{};
    std::int64_t cursor = 0;  ///< the gate's count, this batch included
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t removed = 0;  ///< revoked
    bool snapshot = false;     ///< the batches up to `number` came as a snapshot, whose orders are `added`
};

/// What is in the cache now.
struct CacheState {
    std::int64_t cursor = 0;
    std::optional<WallTime> applied_at;   ///< the newest batch; nothing = no batch was ever applied
    std::vector<BatchApplied> positions;  ///< each authority's newest: where its chain stands
};

/// One order that a look-up found.
struct CachedOrder {
    Authority authority;
    OrderId id;
    std::string body;
    std::optional<Revocation> revoked;
    WallTime first_seen;
    WallTime changed_at;          ///< when its text last changed, or it was revoked
    std::string previous_status;  ///< before that; `none` when it never changed
    std::int64_t changes_24h = 0;
    bool as_in_snapshot = false;  ///< no batch has changed it since
};

/// The answer of one look-up, as one cursor saw it.
struct CacheAnswer {
    std::int64_t cursor = 0;
    std::optional<WallTime> applied_at;
    std::vector<CachedOrder> orders;  ///< each once; by authority and id
};

/// An order whose status a batch changed. One that came with it has no status before, and is none of these.
struct StatusChange {
    OrderId id;
    std::string old_status;
    std::string new_status;  ///< as OrderRow has them, or `revoked`
    std::string body;
    std::optional<Revocation> revoked;
};

/// Some of a batch's changes.
struct StatusChanges {
    std::vector<StatusChange> changes;
    std::int64_t last = 0;  ///< behind it the next page begins
    bool more = false;
};

/// How far one has come through the orders by their ends.
struct EndedMark {
    WallTime ends;
    std::int64_t id = -1;
};

/// Orders that would have released, by their ends.
struct EndedOrders {
    std::vector<OrderId> orders;
    EndedMark last;
    bool more = false;
};

struct OrderCacheSettings {
    std::filesystem::path directory;    ///< the state directory, whose lock the journal holds
    std::string file_system;            ///< as JournalSettings
    std::size_t changes_in_slice = 50;  ///< at most
    bool stopped_clean = false;         ///< as the journal says of the process before: the file is not read whole
    AnnounceCheck announce;
    /// A look-up waits for at most one slice: it takes no further change after so long. Empty: it ends by number alone.
    std::function<Instant()> now = {};
    std::chrono::microseconds slice{1500};
    std::size_t page_cache_kib = std::size_t{32} * 1024;  ///< of all authorities' databases together
};

class OrderFill;
class OrderSync;

/// Orders by container, plate and targeting key, a database for each authority: a cache, while the journal is evidence.
/// Synchronous: the gate runs it on one Worker and lets look-ups go before slices. A snapshot is filled into a fresh
/// file elsewhere (order_fill.hpp), which then takes the place of its authority's.
///
/// A batch is applied in slices under the next generation, which nobody sees until the last slice makes it visible
/// together with the cursor. A crash before that leaves nothing of it; the same batch is then applied again.
class OrderCache {
public:
    /// A damaged file is moved aside; its authority has no orders then.
    [[nodiscard]] static Result<std::unique_ptr<OrderCache>, StoreFailure> open(const OrderCacheSettings& settings);
    ~OrderCache();
    OrderCache(const OrderCache&) = delete;
    OrderCache& operator=(const OrderCache&) = delete;
    OrderCache(OrderCache&&) = delete;
    OrderCache& operator=(OrderCache&&) = delete;

    [[nodiscard]] const CacheState& state() const;
    /// A damaged file was moved there.
    [[nodiscard]] const std::optional<std::filesystem::path>& set_aside() const;

    /// The cursor never falls within a stream: after a cache was lost, the journal says how far it was. At each start.
    void raise_cursor(std::int64_t at_least);

    /// Takes a batch to apply. Throws std::logic_error while another one is being applied.
    void begin(OrderBatchRows batch);
    [[nodiscard]] bool busy() const;
    /// What must be durable before the next slice or tidying; null where nothing has to. Whoever takes it runs it on
    /// another thread, so that look-ups need not wait for the disk, and gives it back to `synced`. Where nobody takes
    /// it, the next slice or tidying syncs by itself.
    [[nodiscard]] std::shared_ptr<OrderSync> take_sync();
    /// One was taken and has not been given back: until then there are look-ups alone.
    [[nodiscard]] bool syncing() const;
    /// A failure is one of the batch, as in `apply_slice`.
    [[nodiscard]] std::optional<StoreFailure> synced(const OrderSync& sync);
    /// Does one slice of work. Gives the result with the slice that made the batch visible and durable, nothing while
    /// more slices are to come. A failure gives the batch up, which may be begun again where the fault is `full`; after
    /// any other fault every later call fails as well, until a restart.
    [[nodiscard]] Result<std::optional<BatchApplied>, StoreFailure> apply_slice();
    /// There is something left to clean up: call `tidy` when nothing else waits.
    [[nodiscard]] bool untidy() const;
    /// Removes a slice of what newer generations replaced, and moves the log into the database.
    [[nodiscard]] std::optional<StoreFailure> tidy();

    /// Whose status the newest batch of an authority changed; none after a snapshot. Looks at `most` orders.
    [[nodiscard]] Result<StatusChanges, StoreFailure> newest_changes(const Authority& authority, std::int64_t after,
                                                                     std::size_t most);
    /// Released orders and appointments, not revoked, that ended behind `after` and before `before`. Looks at `most`
    /// orders, whatever they are.
    [[nodiscard]] Result<EndedOrders, StoreFailure> ended(const Authority& authority, const EndedMark& after,
                                                          WallTime before, std::size_t most);
    /// Which of these are not kept, in any version. None where the authority has no orders at all.
    [[nodiscard]] Result<std::vector<OrderId>, StoreFailure> missing(const Authority& authority,
                                                                     const std::vector<OrderId>& orders);
    /// Takes out a slice of the orders that ended before `before`, or were revoked by then and would have ended; how
    /// many it were: none while a sync is under way. What has no end stays.
    [[nodiscard]] Result<std::size_t, StoreFailure> forget_ended(WallTime before);

    /// What a snapshot's swap leaves behind.
    struct Swapped {
        BatchApplied applied;
        std::vector<std::filesystem::path> left_over;  ///< databases to remove when there is time: that may take long
    };
    /// Puts a filled snapshot in the place of its authority's orders, durably. Not while a batch of this authority is
    /// being applied. A failure leaves all as it was, unless later calls fail too.
    [[nodiscard]] Result<Swapped, StoreFailure> swap_in(std::unique_ptr<OrderFill> fill, WallTime now);

    /// All orders for these boxes and plates, and then the targeting orders that the found orders lead to.
    [[nodiscard]] Result<CacheAnswer, StoreFailure> look_up(const OrderQuestion& question, WallTime now);

private:
    class Impl;
    explicit OrderCache(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::store
