#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "gate/journal_desk.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "store/order_cache.hpp"

namespace portcullis::gate {

/// A day of UTC.
using UtcDay = std::chrono::time_point<WallTime::clock, std::chrono::days>;

/// What becomes of orders when their time is over. Each day of UTC tells how many ended without ever having been used;
/// orders that ended longer ago than the retention are taken out of the cache; and places that were used are forgotten
/// when the entry that used them is cut and their order is gone, so that no order is ever used twice for it. A page a
/// tick, one piece of work at a time, and only while the wall clock is synchronised: a clock that stepped ten years on
/// must not empty the cache.
class OrderUpkeep {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        /// No batch is being applied and no commit waits.
        std::function<bool()> idle;
        /// Whose orders are here.
        std::function<std::vector<Authority>()> authorities;
        /// None of its batches is known to be missing: an order that is not here is gone.
        std::function<bool(const Authority&)> complete;
        /// Whether a place of something that is no order (a zone result, a pass) still counts.
        std::function<bool(const UsageKey&)> inner_counts;
        /// Runs on the worker that owns it; what it gives back runs here.
        std::function<void(std::function<std::function<void()>(store::Journal&)>)> on_journal;
        std::function<void(std::function<std::function<void()>(store::OrderCache&)>)> on_cache;
        /// Something was taken out of the cache: its log may have to be moved.
        std::function<void()> tidy;
    };
    struct Terms {
        std::chrono::milliseconds retention;
        std::optional<Value> told;  ///< the note of the process before
    };

    static constexpr std::string_view note_key = "orders_ended";
    /// Ids in one event.
    static constexpr std::size_t most_listed = 100;

    OrderUpkeep(Terms terms, const runtime::Log& log, Ports ports);

    void tick(Now now);

private:
    static constexpr std::size_t page = 50;
    static constexpr std::size_t places_a_page = 100;

    /// The count of one authority's day.
    struct Count {
        Authority authority;
        std::int64_t unused = 0;
        List listed;
    };
    /// A day that is over, while it is counted.
    struct Counting {
        UtcDay day;
        std::vector<Authority> left;  ///< to be counted; the last one is at hand
        store::EndedMark mark;
        std::vector<Count> counts;
    };

    void begin_counting(UtcDay day);
    void count_page();
    void counted(const store::EndedOrders& ended, const std::vector<OrderId>& unused);
    void next_authority();
    void tell(Now now);
    void forget_orders(Now now);
    void forgot(std::size_t orders, Now now);
    void look_at_places(Now now);
    void judge_places(const std::vector<store::UsageRow>& rows, std::int64_t cut, Now now);
    void give_up(const std::string& why);
    void forget_places(std::vector<Usage> places);

    Terms terms_;
    const runtime::Log& log_;
    Ports ports_;
    std::optional<UtcDay> told_;  ///< the newest day that was told
    std::optional<Counting> counting_;
    std::optional<Usage> places_mark_;
    Instant orders_due_;
    Instant places_due_;
    Instant again_;
    bool busy_ = false;
    bool failed_ = false;
};

}  // namespace portcullis::gate
