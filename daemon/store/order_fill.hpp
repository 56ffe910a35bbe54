#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/container_number.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/failure.hpp"
#include "store/order_cache.hpp"
#include "store/order_row.hpp"
#include "store/right_of_way.hpp"

namespace portcullis::store {

/// An order of a snapshot, as views of what holds it.
struct SnapshotRow {
    std::string_view id{};
    std::string_view status{};
    std::string_view body{};
    std::optional<ContainerNumber> container{};
    std::string_view enterprise{};  ///< empty = none, as the next two
    std::string_view origin{};
    std::string_view hs{};  ///< codes with blanks between
    WallTime decided{};
    std::span<const PlateNumber> plates{};    ///< by which one without a container is found
    const TargetingKey* targeting = nullptr;  ///< by which a targeting order is found
    std::string_view revoke_reason{};         ///< empty = not revoked
    std::string_view officer{};               ///< of the revocation
    std::optional<WallTime> valid_to{};
};

/// What a snapshot is of.
struct SnapshotPosition {
    Authority authority;
    std::int64_t number = 0;  ///< the batch that the next one follows
    Hash256 hash{};           ///< of that batch's payload
};

struct OrderFillSettings {
    std::filesystem::path directory;                ///< the state directory
    std::string file_system;                        ///< as JournalSettings
    std::shared_ptr<RightOfWay> right_of_way = {};  ///< is given before each piece of what is written
};

/// Fills a fresh file with the orders of a snapshot. Orders stand in the order of their containers, those without one
/// behind them: a file is filled several times sooner that way. It is synced piece by piece, so that no commit of the
/// journal waits for more than one, and not logged, for until it is swapped in nobody needs it. Synchronous, and used
/// by one thread at a time: a worker of its own fills it, so that neither look-ups nor batches wait. Destroyed before
/// it is swapped in, it leaves nothing.
class OrderFill {
public:
    [[nodiscard]] static Result<std::unique_ptr<OrderFill>, StoreFailure> begin(const OrderFillSettings& settings,
                                                                                const SnapshotPosition& position);
    ~OrderFill();
    OrderFill(const OrderFill&) = delete;
    OrderFill& operator=(const OrderFill&) = delete;
    OrderFill(OrderFill&&) = delete;
    OrderFill& operator=(OrderFill&&) = delete;

    [[nodiscard]] const SnapshotPosition& position() const;
    [[nodiscard]] const Authority& authority() const { return position().authority; }
    [[nodiscard]] std::int64_t rows() const;

    /// Takes the next order; false when it stands before the one that was taken last. What fails shows in `sync`.
    [[nodiscard]] bool add(const SnapshotRow& row);
    /// Makes what was added durable. After a failure the fill is of no use any more.
    [[nodiscard]] std::optional<StoreFailure> sync();
    /// Everything is there: builds what finds an order by its id. Nothing may be added any more. `taken_twice`: an id
    /// is there twice, which refuses the snapshot.
    enum class Finished : std::uint8_t { whole, taken_twice };
    [[nodiscard]] Result<Finished, StoreFailure> finish();
    /// For OrderCache::swap_in: writes the cursor and closes the file.
    [[nodiscard]] Result<BatchApplied, StoreFailure> seal(std::int64_t cursor, WallTime now);

private:
    class Impl;
    explicit OrderFill(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::store
