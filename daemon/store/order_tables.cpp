#include "store/order_tables.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace portcullis::store {
namespace {

constexpr std::array<Migration, 2> history{R"(
CREATE TABLE state(
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    cursor     INTEGER NOT NULL,
    applied_at INTEGER,
    source     TEXT NOT NULL,
    number     INTEGER NOT NULL,
    hash       BLOB NOT NULL CHECK (length(hash) = 32),
    added      INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    removed    INTEGER NOT NULL
) STRICT;
INSERT INTO state(one, generation, cursor, source, number, hash, added, changed, removed)
    VALUES (1, 0, 0, 'batch', 0, zeroblob(32), 0, 0, 0);
CREATE TABLE order_version(
    id              INTEGER PRIMARY KEY,
    order_id        TEXT NOT NULL,
    since           INTEGER NOT NULL,
    until           INTEGER NOT NULL,
    status          TEXT NOT NULL,
    enterprise      TEXT,
    origin          TEXT,
    hs              TEXT,
    first_seen      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    previous_status TEXT,
    revoke_reason   TEXT,
    revoke_officer  TEXT,
    revoke_decided  INTEGER,
    body            TEXT NOT NULL
) STRICT;
CREATE INDEX order_since ON order_version(since) WHERE since > 0;
CREATE INDEX order_ended ON order_version(until) WHERE until > 0;
CREATE TABLE found_by(
    kind INTEGER NOT NULL,
    key  TEXT NOT NULL,
    id   INTEGER NOT NULL,
    PRIMARY KEY (kind, key, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX found_by_order ON found_by(id);
CREATE TABLE change(
    order_id TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (order_id, at_ms, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_at ON change(at_ms);
)",
                                           R"(
ALTER TABLE order_version ADD COLUMN ends INTEGER;
UPDATE order_version SET ends =
    CAST(round((julianday(json_extract(body, '$.valid_to')) - 2440587.5) * 86400000) AS INTEGER)
    WHERE json_valid(body);
UPDATE order_version SET ends = max(changed_at, coalesce(ends, 0)) WHERE revoke_decided IS NOT NULL;
)"};

/// A packed number has 41 bits: these are left for the versions of its orders.
constexpr int bits_within_container = 21;
constexpr std::int64_t first_without_container = std::int64_t{1} << 62;

/// The range that `first` begins.
IdRange range_from(std::int64_t first) {
    const bool without = first == first_without_container;
    return {first, without ? std::numeric_limits<std::int64_t>::max()
                           : first + (std::int64_t{1} << bits_within_container) - 1};
}

/// The range in which `id` stands.
IdRange range_with(std::int64_t id) {
    return range_from(id >= first_without_container ? first_without_container
                                                    : id >> bits_within_container << bits_within_container);
}

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime wall_time(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
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

}  // namespace

std::span<const Migration> order_history() {
    return history;
}

const char* order_late_indexes() {
    return "CREATE UNIQUE INDEX IF NOT EXISTS order_key ON order_version(order_id, until);"
           "CREATE INDEX IF NOT EXISTS order_ends ON order_version(ends) WHERE ends IS NOT NULL";
}

IdRange ids_of(const std::optional<ContainerNumber>& container) {
    return range_from(container ? static_cast<std::int64_t>(container->packed() << bits_within_container)
                                : first_without_container);
}

int found_by_targeting(TargetingKeyKind kind) {
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

// ---- state

OrderFileState OrderTables::read_state() {
    auto row = database_.prepare(
        "SELECT generation, cursor, applied_at, source, number, hash, added, changed, removed FROM state");
    if (!row.step()) {
        throw DatabaseError::corrupt(database_.file().string() + ": its state is missing");
    }
    generation_ = row.integer(0);
    OrderFileState state;
    if (!row.is_null(2)) {
        state.applied_at = wall_time(row.integer(2));
    }
    state.position = {authority_,     row.integer(4),           {}, row.integer(1), row.integer(6), row.integer(7),
                      row.integer(8), row.text(3) == "snapshot"};
    std::ranges::copy(row.bytes(5), state.position.hash.begin());
    const auto is_key = [this](int kind) {
        return database_.integer("SELECT EXISTS (SELECT 1 FROM found_by WHERE kind = " + std::to_string(kind) + ")") !=
               0;
    };
    enterprises_are_targeted_ = is_key(found_by_targeting(TargetingKeyKind::enterprise));
    origins_are_targeted_ = is_key(found_by_targeting(TargetingKeyKind::origin));
    goods_are_targeted_ = is_key(found_by_targeting(TargetingKeyKind::hs));
    plates_are_named_ = is_key(found_by_plate);
    return state;
}

void OrderTables::drop_pending() {
    database_.execute(
        "DELETE FROM found_by WHERE id IN "
        "(SELECT id FROM order_version WHERE since > 0 AND since > (SELECT generation FROM state));"
        "DELETE FROM order_version WHERE since > 0 AND since > (SELECT generation FROM state);"
        "DELETE FROM change WHERE since > (SELECT generation FROM state);"
        "UPDATE order_version SET until = 0 WHERE until > 0 AND until > (SELECT generation FROM state)");
}

// ---- writing

std::optional<OrderTables::Version> OrderTables::newest(const OrderId& id) {
    Use row{select_newest_.bind(id.text())};
    if (!row->step()) {
        return std::nullopt;
    }
    return Version{row->integer(0),      row->integer(1), row->text(2), row->text(3),
                   row->integer(4) != 0, row->integer(5), row->text(6)};
}

std::int64_t OrderTables::next_id(const IdRange& range) {
    Use last{select_last_.bind(range.first).bind(range.last)};
    last->step();
    if (last->is_null(0)) {
        return range.first;
    }
    if (last->integer(0) == range.last) {
        throw DatabaseError::corrupt(database_.file().string() + ": no number is left for an order of a container");
    }
    return last->integer(0) + 1;
}

std::string OrderTables::replace(const Version& old, const OrderBatchRows& batch, const OrderId& id) {
    insert_change_.bind(id.text()).bind(milliseconds(batch.now)).bind(generation_ + 1).run();
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
        insert_key_.bind(found_by_plate).bind(plate.text()).bind(id).run();
    }
    if (row.targeting) {
        insert_key_.bind(found_by_targeting(row.targeting->kind)).bind(row.targeting->text).bind(id).run();
    }
}

void OrderTables::put(const OrderBatchRows& batch, const OrderRow& row, BatchApplied& applied) {
    const auto now = milliseconds(batch.now);
    auto first_seen = now;
    std::string previous = "none";
    if (const auto old = newest(row.id)) {
        if (!old->revoked && old->status == row.status && old->body == row.body) {
            return;
        }
        first_seen = old->first_seen;
        previous = replace(*old, batch, row.id);
        ++applied.changed;
    } else {
        ++applied.added;
    }
    const auto id = next_id(ids_of(row.container));
    insert_version_.bind(id)
        .bind(row.id.text())
        .bind(generation_ + 1)
        .bind(row.status)
        .bind(row.enterprise)
        .bind(row.origin)
        .bind(joined(row.hs))
        .bind(first_seen)
        .bind(now)
        .bind(previous)
        .bind(row.body)
        .bind(row.valid_to ? std::optional{milliseconds(*row.valid_to)} : std::nullopt)
        .run();
    insert_keys(id, row);
}

void OrderTables::revoke(const OrderBatchRows& batch, const Revocation& revocation, BatchApplied& applied) {
    const auto old = newest(revocation.id);
    if (!old || old->revoked) {
        return;
    }
    // Copied before it goes, and of two versions only one is in force at any time.
    const bool unseen = old->since == generation_ + 1;
    end_version_.bind(std::numeric_limits<std::int64_t>::max()).bind(old->id).run();
    const auto id = next_id(range_with(old->id));
    insert_revoked_.bind(id)
        .bind(generation_ + 1)
        .bind(milliseconds(batch.now))
        .bind(unseen ? old->previous_status : old->status)
        .bind(revocation.reason)
        .bind(revocation.officer)
        .bind(milliseconds(revocation.decided))
        .bind(old->id)
        .run();
    copy_keys_.bind(id).bind(old->id).run();
    static_cast<void>(replace(*old, batch, revocation.id));
    ++applied.removed;
}

void OrderTables::make_visible(const OrderBatchRows& batch, const BatchApplied& applied) {
    auto advance = database_.prepare(
        "UPDATE state SET generation = generation + 1, cursor = ?, applied_at = ?, source = 'batch', number = ?, "
        "hash = ?, added = ?, changed = ?, removed = ?");
    advance.bind(applied.cursor)
        .bind(milliseconds(batch.now))
        .bind(batch.number)
        .bind(batch.hash)
        .bind(applied.added)
        .bind(applied.changed)
        .bind(applied.removed)
        .run();
}

bool OrderTables::remove_garbage(std::int64_t rows, const std::function<bool()>& over) {
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
        if (over && over()) {
            return true;
        }
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

void OrderTables::take(Statement& rows, OrderFindings& findings) {
    const Use use{rows};
    while (rows.step()) {
        CachedOrder order;
        order.authority = authority_;
        order.id = OrderId{rows.text(0)};
        order.body = rows.text(1);
        order.first_seen = wall_time(rows.integer(2));
        order.changed_at = wall_time(rows.integer(3));
        order.previous_status = rows.text(4);
        if (!rows.is_null(7)) {
            order.revoked = Revocation{order.id, rows.text(5), rows.text(6), wall_time(rows.integer(7))};
        }
        if (!rows.is_null(8)) {
            findings.enterprises.push_back(rows.text(8));
        }
        if (!rows.is_null(9)) {
            findings.origins.push_back(rows.text(9));
        }
        add_split(rows.text(10), findings.goods);
        order.as_in_snapshot = rows.integer(11) == 0;
        std::pair key{order.authority.text(), order.id.text()};
        findings.orders.emplace(std::move(key), std::move(order));
    }
}

void OrderTables::take_by_key(int kind, std::string_view key, OrderFindings& findings) {
    take(by_key_.bind(kind).bind(key).bind(generation_).bind(generation_), findings);
}

/// Targeting orders whose code is a beginning of `code`, and, where the declaration says less than they ask for, those
/// whose code begins with it: that cannot be excluded.
void OrderTables::take_goods(const std::string& code, OrderFindings& findings) {
    const auto goods = found_by_targeting(TargetingKeyKind::hs);
    for (std::size_t length = 1; length <= code.size(); ++length) {
        take_by_key(goods, std::string_view{code}.substr(0, length), findings);
    }
    // ':' stands right behind '9'.
    take(by_longer_key_.bind(goods).bind(code).bind(code + ":").bind(generation_).bind(generation_), findings);
}

std::int64_t OrderTables::changes_since(const CachedOrder& order, WallTime from) {
    if (order.as_in_snapshot) {
        return 0;
    }
    Use count{count_changes_.bind(order.id.text()).bind(milliseconds(from)).bind(generation_)};
    return count->step() ? count->integer(0) : 0;
}

void OrderTables::find(std::span<const ContainerNumber> containers, std::span<const PlateNumber> plates,
                       OrderFindings& found) {
    for (const auto& container : containers) {
        const auto range = ids_of(container);
        take(by_container_.bind(range.first).bind(range.last).bind(generation_).bind(generation_), found);
    }
    if (!plates_are_named_) {
        return;
    }
    for (const auto& plate : plates) {
        take_by_key(found_by_plate, plate.text(), found);
    }
}

void OrderTables::follow(const OrderFindings& found, OrderFindings& led_to) {
    if (enterprises_are_targeted_) {
        for (const auto& enterprise : found.enterprises) {
            take_by_key(found_by_targeting(TargetingKeyKind::enterprise), enterprise, led_to);
        }
    }
    if (origins_are_targeted_) {
        for (const auto& origin : found.origins) {
            take_by_key(found_by_targeting(TargetingKeyKind::origin), origin, led_to);
        }
    }
    if (goods_are_targeted_) {
        for (const auto& code : found.goods) {
            take_goods(code, led_to);
        }
    }
}

}  // namespace portcullis::store
