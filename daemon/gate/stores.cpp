#include "gate/stores.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "gate/sampling_keys.hpp"

namespace portcullis::gate {

Result<Stores, store::StoreFailure> open_stores(const std::filesystem::path& state, const IdSource& ids,
                                                const store::AnnounceCheck& announce, std::function<Instant()> now) {
    std::error_code error;
    std::filesystem::create_directories(state, error);
    if (error) {
        return Failure{store::StoreFailure{store::StoreFault::input_output,
                                           "cannot make the state directory " + state.string() + ": " +
                                               error.message() + "; make it writable for the daemon's user"}};
    }
    auto right_of_way = std::make_shared<store::RightOfWay>();
    auto journal = store::Journal::open({state, {}, announce, right_of_way}, ids);
    if (!journal) {
        return Failure{std::move(journal).error()};
    }
    // Behind the journal: its lock is ours now.
    auto key = open_gate_key(state, ids);
    if (!key) {
        return Failure{std::move(key).error()};
    }
    auto box = open_box_key(state, ids);
    if (!box) {
        return Failure{std::move(box).error()};
    }
    store::OrderCacheSettings cache;
    cache.directory = state;
    cache.stopped_clean = journal.value()->start().previous_stop_clean;
    cache.announce = announce;
    cache.now = std::move(now);
    auto orders = store::OrderCache::open(cache);
    if (!orders) {
        return Failure{std::move(orders).error()};
    }
    Stores stores{std::move(journal).value(), std::move(orders).value(), std::move(key).value(), std::move(box).value(),
                  std::move(right_of_way)};
    std::int64_t cursor = 0;
    for (const auto& position : stores.journal->start().order_positions) {
        cursor = std::max(cursor, position.cursor);
    }
    stores.orders->raise_cursor(cursor);
    return stores;
}

}  // namespace portcullis::gate
