#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "store/database.hpp"
#include "store/order_cache.hpp"

namespace portcullis::store {

/// What becomes of one authority's orders in time: whose status the newest batch changed, which have ended, which are
/// taken out. Statements without transactions: whoever calls has begun one. Throws DatabaseError.
class OrderEnds {
public:
    explicit OrderEnds(Database& database) : database_(database) {}

    [[nodiscard]] StatusChanges newest_changes(std::int64_t after, std::size_t most);
    [[nodiscard]] EndedOrders ended(const EndedMark& after, WallTime before, std::size_t most);
    [[nodiscard]] std::vector<OrderId> missing(const std::vector<OrderId>& orders);
    /// Takes out up to `most` orders that ended before `before`; how many it were.
    [[nodiscard]] std::size_t forget(WallTime before, std::size_t most);

private:
    /// How many rows it were, whether or not they count.
    static std::size_t take(Statement& rows, EndedOrders& ended);

    Database& database_;
    Statement newest_ = database_.prepare(
        "SELECT id, previous_status <> 'none' AND previous_status <> status AND until = 0, order_id, previous_status, "
        "status, body, revoke_reason, revoke_officer, revoke_decided "
        "FROM order_version WHERE since > 0 AND since = (SELECT generation FROM state) AND id > ? ORDER BY id LIMIT ?");
    // Of orders that end at the same moment there may be many thousands.
    Statement ended_at_ = database_.prepare(
        "SELECT id, ends, until = 0 AND since <= (SELECT generation FROM state) AND status IN ('released', 'active'), "
        "order_id FROM order_version WHERE ends = ? AND id > ? ORDER BY id LIMIT ?");
    Statement ended_after_ = database_.prepare(
        "SELECT id, ends, until = 0 AND since <= (SELECT generation FROM state) AND status IN ('released', 'active'), "
        "order_id FROM order_version WHERE ends > ? AND ends < ? ORDER BY ends, id LIMIT ?");
    Statement is_there_ = database_.prepare("SELECT 1 FROM order_version WHERE order_id = ? LIMIT 1");
    Statement past_ = database_.prepare(
        "SELECT id FROM order_version WHERE ends < ? AND until = 0 AND since <= (SELECT generation FROM state) "
        "LIMIT ?");
    Statement delete_version_ = database_.prepare("DELETE FROM order_version WHERE id = ?");
    Statement delete_keys_ = database_.prepare("DELETE FROM found_by WHERE id = ?");
};

}  // namespace portcullis::store
