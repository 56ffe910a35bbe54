#pragma once

#include <cstdint>
#include <vector>

#include "core/history.hpp"
#include "store/database.hpp"

namespace portcullis::store {

/// The tables of journal.db that remember vehicles, boxes and named orders: derived from entries, written with them. A
/// visit's plate goes with the entry that holds it: when that is erased or cut, so is the visit. Bounded: the oldest
/// rows go. Throws DatabaseError; whoever calls to write has begun a transaction.
class HistoryTables {
public:
    /// Rows that are kept of each table.
    struct Bounds {
        std::int64_t visits = 200'000;
        std::int64_t boxes = 250'000;
        std::int64_t named = 20'000;
        std::int64_t trim_every = 1024;  ///< changes; so many more rows there may be
    };

    explicit HistoryTables(Database& database) : HistoryTables(database, Bounds{}) {}
    HistoryTables(Database& database, Bounds bounds) : database_(database), bounds_(bounds) {}

    /// What the entry `sequence` adds; later than all before it.
    void write(std::int64_t sequence, const HistoryChange& change);
    void erase(std::int64_t sequence);
    /// Entries up to this one are removed: their plates go, boxes stay where they are.
    void cut(std::int64_t through);
    [[nodiscard]] HistoryFound answer(const HistoryQuestion& question);
    [[nodiscard]] std::vector<OrderNamed> named();

private:
    void trim();
    void add_visits(const HistoryQuestion& question, HistoryFound& found);

    Database& database_;
    Bounds bounds_;
    std::int64_t changes_ = 0;
    Statement put_visit_ = database_.prepare(
        "INSERT INTO visit(sequence, plate, passage, lane, time_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    Statement put_box_ = database_.prepare(
        "INSERT INTO box_place(container, place, time_ms, laden, enterprise, sequence) VALUES (?, ?, ?, ?, ?, ?) ON "
        "CONFLICT DO UPDATE SET place = excluded.place, time_ms = excluded.time_ms, laden = excluded.laden, "
        "enterprise = excluded.enterprise, sequence = excluded.sequence");
    Statement put_named_ = database_.prepare(
        "INSERT INTO named_order(authority, order_id, sequence) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
        "sequence = excluded.sequence");
    Statement delete_named_ = database_.prepare("DELETE FROM named_order WHERE sequence <= ?");
    Statement trim_named_ = database_.prepare(
        "DELETE FROM named_order WHERE sequence <= "
        "(SELECT sequence FROM named_order ORDER BY sequence DESC LIMIT 1 OFFSET ?)");
    Statement delete_visit_ = database_.prepare("DELETE FROM visit WHERE sequence = ?");
    Statement delete_visits_ = database_.prepare("DELETE FROM visit WHERE sequence <= ?");
    Statement trim_visits_ = database_.prepare(
        "DELETE FROM visit WHERE sequence <= (SELECT sequence FROM visit ORDER BY sequence DESC LIMIT 1 OFFSET ?)");
    Statement trim_boxes_ = database_.prepare(
        "DELETE FROM box_place WHERE sequence <= "
        "(SELECT sequence FROM box_place ORDER BY sequence DESC LIMIT 1 OFFSET ?)");
    Statement select_visits_ =
        database_.prepare("SELECT passage, lane, time_ms FROM visit WHERE plate = ? ORDER BY time_ms DESC LIMIT ?");
    Statement select_box_ = database_.prepare("SELECT place, time_ms FROM box_place WHERE container = ?");
    Statement count_inside_ =
        database_.prepare("SELECT count(*) FROM box_place WHERE enterprise = ? AND place = 'inside' AND laden <> 'no'");
};

}  // namespace portcullis::store
