#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/database.hpp"
#include "store/order_cache.hpp"

namespace portcullis::store {

/// The schema of orders.db, one step a version.
[[nodiscard]] std::span<const Migration> order_history();

/// The tables of orders.db and their statements, without transactions: whoever calls has begun one. Throws
/// DatabaseError.
///
/// A row is one version of an order, seen by generations from `since` to before `until`. A generation that is being
/// applied writes its rows behind the last visible id, so that it can be dropped whole.
class OrderTables {
public:
    explicit OrderTables(Database& database) : database_(database) {}

    [[nodiscard]] CacheState read_state();
    /// Drops what a generation left that never became visible.
    void drop_pending();
    void raise_cursor(std::int64_t at_least);

    /// Acts on the generation after the visible one and counts in `applied`.
    void put(const OrderBatchRows& batch, const OrderRow& row, BatchApplied& applied);
    void revoke(const OrderBatchRows& batch, const Revocation& revocation, BatchApplied& applied);
    /// Makes the generation visible together with the cursor, which `applied` is given, and keeps its counts.
    void make_visible(const OrderBatchRows& batch, BatchApplied& applied);

    /// Removes up to `rows` of what no generation sees any more; false when nothing is left.
    [[nodiscard]] bool remove_garbage(std::int64_t rows);

    [[nodiscard]] std::vector<CachedOrder> look_up(const OrderQuestion& question, WallTime now);

private:
    /// What is kept of the version that a new one replaces.
    struct Version {
        std::int64_t id = 0;
        std::int64_t since = 0;
        std::string status;
        std::string body;
        bool revoked = false;
        std::int64_t first_seen = 0;
        std::string previous_status;
    };
    /// What a look-up has found so far, each order once, and what the found orders lead to.
    struct Findings {
        std::map<std::pair<std::string, std::string>, CachedOrder> orders;
        std::vector<std::string> enterprises;
        std::vector<std::string> origins;
        std::vector<std::string> goods;
    };

    [[nodiscard]] std::optional<Version> newest(const Authority& authority, const OrderId& id);
    /// The next generation sees `old` no more; gives what it was called before.
    [[nodiscard]] std::string replace(const Version& old, const OrderBatchRows& batch, const OrderId& id);
    void insert_keys(std::int64_t id, const OrderRow& row);
    void take(Statement& rows, Findings& findings);
    void take_by_key(int kind, std::string_view key, Findings& findings);
    void take_goods(const std::string& code, Findings& findings);
    [[nodiscard]] std::int64_t changes_since(const CachedOrder& order, WallTime from);

    Database& database_;
    std::int64_t generation_ = 0;
    bool goods_are_targeted_ = false;

    Statement select_newest_ = database_.prepare(
        "SELECT id, since, status, body, revoke_decided IS NOT NULL, first_seen, previous_status FROM order_version "
        "WHERE authority = ? AND order_id = ? AND until = 9223372036854775807");
    Statement end_version_ = database_.prepare("UPDATE order_version SET until = ? WHERE id = ?");
    Statement delete_version_ = database_.prepare("DELETE FROM order_version WHERE id = ?");
    Statement delete_keys_ = database_.prepare("DELETE FROM found_by WHERE id = ?");
    Statement insert_version_ = database_.prepare(
        "INSERT INTO order_version(authority, order_id, since, until, container, status, body, enterprise, origin, hs, "
        "first_seen, changed_at, previous_status) "
        "VALUES (?, ?, ?, 9223372036854775807, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id");
    Statement insert_revoked_ = database_.prepare(
        "INSERT INTO order_version(authority, order_id, since, until, container, status, body, enterprise, origin, hs, "
        "first_seen, changed_at, previous_status, revoke_reason, revoke_officer, revoke_decided) "
        "SELECT authority, order_id, ?, 9223372036854775807, container, 'revoked', body, enterprise, origin, hs, "
        "first_seen, ?, ?, ?, ?, ? FROM order_version WHERE id = ? RETURNING id");
    Statement copy_keys_ =
        database_.prepare("INSERT INTO found_by(kind, key, id) SELECT kind, key, ? FROM found_by WHERE id = ?");
    Statement insert_key_ = database_.prepare("INSERT OR IGNORE INTO found_by(kind, key, id) VALUES (?, ?, ?)");
    Statement insert_change_ =
        database_.prepare("INSERT OR IGNORE INTO change(authority, order_id, at_ms, since) VALUES (?, ?, ?, ?)");
    Statement count_changes_ = database_.prepare(
        "SELECT count(*) FROM change WHERE authority = ? AND order_id = ? AND at_ms > ? AND since <= ?");
    Statement by_container_ = database_.prepare(
        "SELECT authority, order_id, body, first_seen, changed_at, previous_status, revoke_reason, revoke_officer, "
        "revoke_decided, enterprise, origin, hs FROM order_version "
        "WHERE container = ? AND since <= ? AND until > ?");
    Statement by_key_ = database_.prepare(
        "SELECT authority, order_id, body, first_seen, changed_at, previous_status, revoke_reason, revoke_officer, "
        "revoke_decided, enterprise, origin, hs FROM found_by JOIN order_version USING (id) "
        "WHERE kind = ? AND key = ? AND since <= ? AND until > ?");
    Statement by_longer_key_ = database_.prepare(
        "SELECT authority, order_id, body, first_seen, changed_at, previous_status, revoke_reason, revoke_officer, "
        "revoke_decided, enterprise, origin, hs FROM found_by JOIN order_version USING (id) "
        "WHERE kind = ? AND key > ? AND key < ? AND since <= ? AND until > ?");
    Statement select_garbage_ = database_.prepare("SELECT id FROM order_version WHERE until <= ? LIMIT ?");
    Statement delete_changes_ = database_.prepare(
        "DELETE FROM change WHERE (authority, order_id, at_ms, since) IN "
        "(SELECT authority, order_id, at_ms, since FROM change WHERE at_ms < ? LIMIT ?) RETURNING 1");
};

}  // namespace portcullis::store
