#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
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
};

/// The answer of one look-up: one read transaction, so one cursor.
struct CacheAnswer {
    std::int64_t cursor = 0;
    std::optional<WallTime> applied_at;
    std::vector<CachedOrder> orders;  ///< each once; by authority and id
};

struct OrderCacheSettings {
    std::filesystem::path directory;    ///< the state directory, whose lock the journal holds
    std::string file_system;            ///< as JournalSettings
    std::size_t changes_in_slice = 50;  ///< about 3 ms: a look-up waits for at most one slice
    bool stopped_clean = false;         ///< as the journal says of the process before: the file is not read whole
    AnnounceCheck announce;
};

class OrderFill;

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
    /// Does one slice of work. Gives the result with the slice that made the batch visible and durable, nothing while
    /// more slices are to come. A failure gives the batch up, which may be begun again where the fault is `full`; after
    /// any other fault every later call fails as well, until a restart.
    [[nodiscard]] Result<std::optional<BatchApplied>, StoreFailure> apply_slice();
    /// There is something left to clean up: call `tidy` when nothing else waits.
    [[nodiscard]] bool untidy() const;
    /// Removes a slice of what newer generations replaced, and moves the log into the database.
    [[nodiscard]] std::optional<StoreFailure> tidy();

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
