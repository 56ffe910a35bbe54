#include "store/order_tables.hpp"

#include <algorithm>
#include <array>

namespace portcullis::store {
namespace {

/// Kinds of `found_by`: a plate, then the kinds of TargetingKeyKind.
constexpr int by_plate = 0;

int kind_of(TargetingKeyKind kind) {
    switch (kind) {
        case TargetingKeyKind::enterprise:
            return 1;
        case TargetingKeyKind::hs:
            return 2;
        case TargetingKeyKind::origin:
            break;
    }
    return 3;
}

constexpr std::array<Migration, 1> history{R"(
CREATE TABLE state(
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    last_id    INTEGER NOT NULL,
    cursor     INTEGER NOT NULL,
    applied_at INTEGER
) STRICT;
INSERT INTO state(one, generation, last_id, cursor) VALUES (1, 0, 0, 0);
CREATE TABLE position(
    authority TEXT PRIMARY KEY,
    number    INTEGER NOT NULL,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    cursor    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE order_version(
    id              INTEGER PRIMARY KEY,
    authority       TEXT NOT NULL,
    order_id        TEXT NOT NULL,
    since           INTEGER NOT NULL,
    until           INTEGER NOT NULL,
    container       INTEGER,
    status          TEXT NOT NULL,
    body            TEXT NOT NULL,
    enterprise      TEXT,
    origin          TEXT,
    hs              TEXT NOT NULL,
    first_seen      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    previous_status TEXT NOT NULL,
    revoke_reason   TEXT,
    revoke_officer  TEXT,
    revoke_decided  INTEGER
) STRICT;
CREATE INDEX order_key ON order_version(authority, order_id, until);
CREATE INDEX order_container ON order_version(container) WHERE container IS NOT NULL;
CREATE INDEX order_ended ON order_version(until) WHERE until < 9223372036854775807;
CREATE TABLE found_by(
    kind INTEGER NOT NULL,
    key  TEXT NOT NULL,
    id   INTEGER NOT NULL,
    PRIMARY KEY (kind, key, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX found_by_order ON found_by(id);
CREATE TABLE change(
    authority TEXT NOT NULL,
    order_id  TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (authority, order_id, at_ms, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_at ON change(at_ms);
)"};

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime wall_time(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

std::optional<std::int64_t> packed(const std::optional<ContainerNumber>& container) {
    return container ? std::optional{static_cast<std::int64_t>(container->packed())} : std::nullopt;
}

/// Goods codes are digits: a blank stands between them.
std::string joined(const std::vector<std::string>& codes) {
    std::string text;
    for (const auto& code : codes) {
        text += (text.empty() ? "" : " ") + code;
    }
    return text;
}

void add_split(const std::string& text, std::vector<std::string>& codes) {
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        codes.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

void keep_distinct(std::vector<std::string>& texts) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

std::span<const Migration> order_history() {
    return history;
}

// ---- state

CacheState OrderTables::read_state() {
    CacheState state;
    auto row = database_.prepare("SELECT generation, cursor, applied_at FROM state");
    if (!row.step()) {
        throw DatabaseError::corrupt(database_.file().string() + ": its state is missing");
    }
    generation_ = row.integer(0);
    state.cursor = row.integer(1);
    if (!row.is_null(2)) {
        state.applied_at = wall_time(row.integer(2));
    }
    auto positions = database_.prepare("SELECT authority, number, hash, cursor FROM position ORDER BY authority");
    while (positions.step()) {
        CachedPosition position{Authority{positions.text(0)}, positions.integer(1), {}, positions.integer(3)};
        std::ranges::copy(positions.bytes(2), position.hash.begin());
        state.positions.push_back(std::move(position));
    }
    const auto goods = std::to_string(kind_of(TargetingKeyKind::hs));
    goods_are_targeted_ = database_.integer("SELECT EXISTS (SELECT 1 FROM found_by WHERE kind = " + goods + ")") != 0;
    return state;
}

void OrderTables::drop_pending() {
    database_.execute(
        "DELETE FROM found_by WHERE id > (SELECT last_id FROM state);"
        "DELETE FROM order_version WHERE id > (SELECT last_id FROM state);"
        "DELETE FROM change WHERE since > (SELECT generation FROM state);"
        "UPDATE order_version SET until = 9223372036854775807 WHERE until < 9223372036854775807 "
        "AND until > (SELECT generation FROM state)");
}

void OrderTables::raise_cursor(std::int64_t at_least) {
    auto raise = database_.prepare("UPDATE state SET cursor = max(cursor, ?)");
    raise.bind(at_least).run();
}

// ---- writing

std::optional<OrderTables::Version> OrderTables::newest(const Authority& authority, const OrderId& id) {
    Use row{select_newest_.bind(authority.text()).bind(id.text())};
    if (!row->step()) {
        return std::nullopt;
    }
    return Version{row->integer(0),      row->integer(1), row->text(2), row->text(3),
                   row->integer(4) != 0, row->integer(5), row->text(6)};
}

std::string OrderTables::replace(const Version& old, const OrderBatchRows& batch, const OrderId& id) {
    insert_change_.bind(batch.authority.text())
        .bind(id.text())
        .bind(milliseconds(batch.now))
        .bind(generation_ + 1)
        .run();
    // A version of this same batch was never seen by anyone: it leaves no trace but the status before it.
    const bool unseen = old.since == generation_ + 1;
    if (unseen) {
        delete_keys_.bind(old.id).run();
        delete_version_.bind(old.id).run();
        return old.previous_status;
    }
    end_version_.bind(generation_ + 1).bind(old.id).run();
    return old.status;
}

void OrderTables::insert_keys(std::int64_t id, const OrderRow& row) {
    for (const auto& plate : row.plates) {
        insert_key_.bind(by_plate).bind(plate.text()).bind(id).run();
    }
    if (row.targeting) {
        insert_key_.bind(kind_of(row.targeting->kind)).bind(row.targeting->text).bind(id).run();
    }
}

void OrderTables::put(const OrderBatchRows& batch, const OrderRow& row, BatchApplied& applied) {
    const auto now = milliseconds(batch.now);
    auto first_seen = now;
    std::string previous = "none";
    if (const auto old = newest(batch.authority, row.id)) {
        if (!old->revoked && old->status == row.status && old->body == row.body) {
            return;
        }
        first_seen = old->first_seen;
        previous = replace(*old, batch, row.id);
        ++applied.changed;
    } else {
        ++applied.added;
    }
    Use inserted{insert_version_.bind(batch.authority.text())
                     .bind(row.id.text())
                     .bind(generation_ + 1)
                     .bind(packed(row.container))
                     .bind(row.status)
                     .bind(row.body)
                     .bind(row.enterprise)
                     .bind(row.origin)
                     .bind(joined(row.hs))
                     .bind(first_seen)
                     .bind(now)
                     .bind(previous)};
    inserted->step();
    insert_keys(inserted->integer(0), row);
}

void OrderTables::revoke(const OrderBatchRows& batch, const Revocation& revocation, BatchApplied& applied) {
    const auto old = newest(batch.authority, revocation.id);
    if (!old || old->revoked) {
        return;
    }
    // The copy before the original goes, which it may at once.
    const bool unseen = old->since == generation_ + 1;
    std::int64_t id = 0;
    {
        Use inserted{insert_revoked_.bind(generation_ + 1)
                         .bind(milliseconds(batch.now))
                         .bind(unseen ? old->previous_status : old->status)
                         .bind(revocation.reason)
                         .bind(revocation.officer)
                         .bind(milliseconds(revocation.decided))
                         .bind(old->id)};
        inserted->step();
        id = inserted->integer(0);
    }
    copy_keys_.bind(id).bind(old->id).run();
    static_cast<void>(replace(*old, batch, revocation.id));
    ++applied.removed;
}

std::int64_t OrderTables::make_visible(const OrderBatchRows& batch) {
    auto advance = database_.prepare(
        "UPDATE state SET generation = generation + 1, cursor = cursor + 1, applied_at = ?, "
        "last_id = (SELECT coalesce(max(id), 0) FROM order_version) RETURNING cursor");
    advance.bind(milliseconds(batch.now)).step();
    const auto cursor = advance.integer(0);
    auto position = database_.prepare(
        "INSERT INTO position(authority, number, hash, cursor) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "number = excluded.number, hash = excluded.hash, cursor = excluded.cursor");
    position.bind(batch.authority.text()).bind(batch.number).bind(batch.hash).bind(cursor).run();
    return cursor;
}

bool OrderTables::remove_garbage(std::int64_t rows) {
    std::vector<std::int64_t> ids;
    {
        Use garbage{select_garbage_.bind(generation_).bind(rows)};
        while (garbage->step()) {
            ids.push_back(garbage->integer(0));
        }
    }
    for (const auto id : ids) {
        delete_keys_.bind(id).run();
        delete_version_.bind(id).run();
    }
    constexpr std::int64_t day_ms = 24 * 3600 * 1000;
    const auto newest_batch = database_.integer("SELECT coalesce(applied_at, 0) FROM state");
    std::int64_t changes = 0;
    Use old_changes{delete_changes_.bind(newest_batch - day_ms).bind(rows)};
    while (old_changes->step()) {
        ++changes;
    }
    return static_cast<std::int64_t>(ids.size()) == rows || changes == rows;
}

// ---- reading

void OrderTables::take(Statement& rows, Findings& findings) {
    const Use use{rows};
    while (rows.step()) {
        CachedOrder order;
        order.authority = Authority{rows.text(0)};
        order.id = OrderId{rows.text(1)};
        order.body = rows.text(2);
        order.first_seen = wall_time(rows.integer(3));
        order.changed_at = wall_time(rows.integer(4));
        order.previous_status = rows.text(5);
        if (!rows.is_null(8)) {
            order.revoked = Revocation{order.id, rows.text(6), rows.text(7), wall_time(rows.integer(8))};
        }
        if (!rows.is_null(9)) {
            findings.enterprises.push_back(rows.text(9));
        }
        if (!rows.is_null(10)) {
            findings.origins.push_back(rows.text(10));
        }
        add_split(rows.text(11), findings.goods);
        std::pair key{order.authority.text(), order.id.text()};
        findings.orders.emplace(std::move(key), std::move(order));
    }
}

void OrderTables::take_by_key(int kind, std::string_view key, Findings& findings) {
    take(by_key_.bind(kind).bind(key).bind(generation_).bind(generation_), findings);
}

/// Targeting orders whose code is a beginning of `code`, and, where the declaration says less than they ask for, those
/// whose code begins with it: that cannot be excluded.
void OrderTables::take_goods(const std::string& code, Findings& findings) {
    constexpr auto goods = TargetingKeyKind::hs;
    for (std::size_t length = 1; length <= code.size(); ++length) {
        take_by_key(kind_of(goods), std::string_view{code}.substr(0, length), findings);
    }
    // ':' stands right behind '9'.
    take(by_longer_key_.bind(kind_of(goods)).bind(code).bind(code + ":").bind(generation_).bind(generation_), findings);
}

std::int64_t OrderTables::changes_since(const CachedOrder& order, WallTime from) {
    Use count{
        count_changes_.bind(order.authority.text()).bind(order.id.text()).bind(milliseconds(from)).bind(generation_)};
    return count->step() ? count->integer(0) : 0;
}

std::vector<CachedOrder> OrderTables::look_up(const OrderQuestion& question, WallTime now) {
    Findings found;
    for (const auto& container : question.containers) {
        take(by_container_.bind(static_cast<std::int64_t>(container.packed())).bind(generation_).bind(generation_),
             found);
    }
    for (const auto& plate : question.plates) {
        take_by_key(by_plate, plate.text(), found);
    }
    keep_distinct(found.enterprises);
    keep_distinct(found.origins);
    keep_distinct(found.goods);
    Findings led_to;
    for (const auto& enterprise : found.enterprises) {
        take_by_key(kind_of(TargetingKeyKind::enterprise), enterprise, led_to);
    }
    for (const auto& origin : found.origins) {
        take_by_key(kind_of(TargetingKeyKind::origin), origin, led_to);
    }
    if (goods_are_targeted_) {
        for (const auto& code : found.goods) {
            take_goods(code, led_to);
        }
    }
    found.orders.merge(led_to.orders);
    // Only what names them: what these orders declare is not this vehicle's.
    Findings near;
    for (const auto& container : question.near_containers) {
        take(by_container_.bind(static_cast<std::int64_t>(container.packed())).bind(generation_).bind(generation_),
             near);
    }
    for (const auto& plate : question.near_plates) {
        take_by_key(by_plate, plate.text(), near);
    }
    found.orders.merge(near.orders);
    std::vector<CachedOrder> orders;
    for (auto& [key, order] : found.orders) {
        order.changes_24h = changes_since(order, now - std::chrono::hours{24});
        orders.push_back(std::move(order));
    }
    return orders;
}

}  // namespace portcullis::store
