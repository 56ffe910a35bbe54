#pragma once

#include <cstdint>
#include <functional>
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

/// "PcOr": PRAGMA application_id of a file of orders.
inline constexpr std::int32_t orders_application = 0x50634f72;

/// The schema of a file of orders, one step a version.
[[nodiscard]] std::span<const Migration> order_history();
/// The part of it that a fresh file is given last: an index is built sooner than it is kept.
[[nodiscard]] const char* order_late_indexes();

/// Orders of one container stand side by side, in one range of ids; those without stand behind all others.
struct IdRange {
    std::int64_t first = 0;
    std::int64_t last = 0;
};
[[nodiscard]] IdRange ids_of(const std::optional<ContainerNumber>& container);

/// How `found_by` numbers plates and the kinds of TargetingKeyKind.
inline constexpr int found_by_plate = 0;
[[nodiscard]] int found_by_targeting(TargetingKeyKind kind);

/// What a look-up has found so far, each order once, and what the found orders lead to.
struct OrderFindings {
    std::map<std::pair<std::string, std::string>, CachedOrder> orders;
    std::vector<std::string> enterprises;
    std::vector<std::string> origins;
    std::vector<std::string> goods;
};

/// Where one authority's file stands.
struct OrderFileState {
    std::optional<WallTime> applied_at;
    BatchApplied position;  ///< number 0 = nothing was applied yet
};

/// The tables of one authority's orders and their statements, without transactions: whoever calls has begun one.
/// Throws DatabaseError.
///
/// A row is one version of an order, seen by generations from `since` to before `until`, which is 0 while nothing has
/// replaced it. What a generation wrote that never became visible is dropped whole.
class OrderTables {
public:
    OrderTables(Database& database, Authority authority) : database_(database), authority_(std::move(authority)) {}

    [[nodiscard]] OrderFileState read_state();
    /// Drops what a generation left that never became visible.
    void drop_pending();

    /// Acts on the generation after the visible one and counts in `applied`.
    void put(const OrderBatchRows& batch, const OrderRow& row, BatchApplied& applied);
    void revoke(const OrderBatchRows& batch, const Revocation& revocation, BatchApplied& applied);
    /// Makes the generation visible, with the cursor and the counts of `applied`.
    void make_visible(const OrderBatchRows& batch, const BatchApplied& applied);

    /// Removes up to `rows` of what no generation sees any more, and none after `over`; false when nothing is left.
    [[nodiscard]] bool remove_garbage(std::int64_t rows, const std::function<bool()>& over);

    /// Orders that name one of these.
    void find(std::span<const ContainerNumber> containers, std::span<const PlateNumber> plates, OrderFindings& found);
    /// Targeting orders to which found ones lead.
    void follow(const OrderFindings& found, OrderFindings& led_to);
    [[nodiscard]] std::int64_t changes_since(const CachedOrder& order, WallTime from);

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

    [[nodiscard]] std::optional<Version> newest(const OrderId& id);
    [[nodiscard]] std::int64_t next_id(const IdRange& range);
    /// The next generation sees `old` no more; gives what it was called before.
    [[nodiscard]] std::string replace(const Version& old, const OrderBatchRows& batch, const OrderId& id);
    void insert_keys(std::int64_t id, const OrderRow& row);
    void take(Statement& rows, OrderFindings& findings);
    void take_by_key(int kind, std::string_view key, OrderFindings& findings);
    void take_goods(const std::string& code, OrderFindings& findings);

    Database& database_;
    Authority authority_;
    std::int64_t generation_ = 0;
    bool enterprises_are_targeted_ = false;
    bool origins_are_targeted_ = false;
    bool goods_are_targeted_ = false;
    bool plates_are_named_ = false;  ///< by any order: a passage asks for each plate that looks like its own, too

    Statement select_newest_ = database_.prepare(
        "SELECT id, since, status, body, revoke_decided IS NOT NULL, first_seen, coalesce(previous_status, 'none') "
        "FROM order_version WHERE order_id = ? AND until = 0");
    Statement select_last_ = database_.prepare("SELECT max(id) FROM order_version WHERE id BETWEEN ? AND ?");
    Statement end_version_ = database_.prepare("UPDATE order_version SET until = ? WHERE id = ?");
    Statement delete_version_ = database_.prepare("DELETE FROM order_version WHERE id = ?");
    Statement delete_keys_ = database_.prepare("DELETE FROM found_by WHERE id = ?");
    Statement insert_version_ = database_.prepare(
        "INSERT INTO order_version(id, order_id, since, until, status, enterprise, origin, hs, first_seen, changed_at, "
        "previous_status, body, ends) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Statement insert_revoked_ = database_.prepare(
        "INSERT INTO order_version(id, order_id, since, until, status, enterprise, origin, hs, first_seen, changed_at, "
        "previous_status, revoke_reason, revoke_officer, revoke_decided, body, ends) "
        "SELECT ?, order_id, ?, 0, 'revoked', enterprise, origin, hs, first_seen, ?3, ?, ?, ?, ?, body, "
        "max(?3, coalesce(ends, 0)) FROM order_version WHERE id = ?");
    Statement copy_keys_ =
        database_.prepare("INSERT INTO found_by(kind, key, id) SELECT kind, key, ? FROM found_by WHERE id = ?");
    Statement insert_key_ = database_.prepare("INSERT OR IGNORE INTO found_by(kind, key, id) VALUES (?, ?, ?)");
    Statement insert_change_ =
        database_.prepare("INSERT OR IGNORE INTO change(order_id, at_ms, since) VALUES (?, ?, ?)");
    Statement count_changes_ =
        database_.prepare("SELECT count(*) FROM change WHERE order_id = ? AND at_ms > ? AND since <= ?");
    Statement by_container_ = database_.prepare(
        "SELECT order_id, body, first_seen, changed_at, coalesce(previous_status, 'none'), revoke_reason, "
        "revoke_officer, revoke_decided, enterprise, origin, hs, since FROM order_version "
        "WHERE id BETWEEN ? AND ? AND since <= ? AND (until = 0 OR until > ?)");
    Statement by_key_ = database_.prepare(
        "SELECT order_id, body, first_seen, changed_at, coalesce(previous_status, 'none'), revoke_reason, "
        "revoke_officer, revoke_decided, enterprise, origin, hs, since FROM found_by JOIN order_version USING (id) "
        "WHERE kind = ? AND key = ? AND since <= ? AND (until = 0 OR until > ?)");
    Statement by_longer_key_ = database_.prepare(
        "SELECT order_id, body, first_seen, changed_at, coalesce(previous_status, 'none'), revoke_reason, "
        "revoke_officer, revoke_decided, enterprise, origin, hs, since FROM found_by JOIN order_version USING (id) "
        "WHERE kind = ? AND key > ? AND key < ? AND since <= ? AND (until = 0 OR until > ?)");
    Statement select_garbage_ =
        database_.prepare("SELECT id FROM order_version WHERE until > 0 AND until <= ? LIMIT ?");
    Statement delete_changes_ = database_.prepare(
        "DELETE FROM change WHERE (order_id, at_ms, since) IN "
        "(SELECT order_id, at_ms, since FROM change WHERE at_ms < ? LIMIT ?) RETURNING 1");
};

}  // namespace portcullis::store
