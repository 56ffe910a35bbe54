#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"
#include "store/history_tables.hpp"
#include "store/journal.hpp"

namespace portcullis::store {

/// The schema of journal.db, one step a version.
[[nodiscard]] std::span<const Migration> journal_history();

/// The tables of journal.db and their statements, without transactions: whoever calls has begun one. Throws
/// DatabaseError.
class JournalTables {
public:
    explicit JournalTables(Database& database) : database_(database) {}

    void write(const JournalBatch& batch);
    void set_meta(std::string_view name, std::string_view value);
    void erase(const std::vector<ErasedRow>& rows);
    /// Removes the entries up to `through`, whose hash is `hash`, and the heads before it.
    void cut(std::int64_t through, const Hash256& hash);

    [[nodiscard]] std::optional<std::string> meta(std::string_view name);
    [[nodiscard]] std::int64_t boot_counter();
    /// All that a restart needs, into `start`.
    void read_start(JournalStart& start);
    [[nodiscard]] StreamEnd read_end();
    [[nodiscard]] StreamCut read_cut();
    [[nodiscard]] std::vector<HeadRow> heads_from(std::int64_t sequence, std::size_t rows);
    /// The newest head that signs an entry up to `most_sequence` and was made before `before`.
    [[nodiscard]] std::optional<HeadRow> newest_head(std::int64_t most_sequence, WallTime before);
    [[nodiscard]] std::vector<EventRow> read_from(std::int64_t sequence, std::size_t rows, std::size_t bytes);
    [[nodiscard]] std::optional<EventRow> newest_of(const std::string& type);
    [[nodiscard]] std::vector<Usage> usage_of(const std::vector<UsageKey>& keys);
    [[nodiscard]] std::vector<OrderId> unused(const Authority& authority, const std::vector<OrderId>& orders);
    [[nodiscard]] std::vector<UsageRow> usage_behind(const std::optional<Usage>& mark, std::size_t most);
    [[nodiscard]] std::vector<NoteRow> notes_of(const LaneName& lane);
    [[nodiscard]] std::optional<DocumentRow> document(const DocumentKey& key);
    [[nodiscard]] std::vector<DocumentRow> documents(const std::string& kind);
    [[nodiscard]] HistoryTables& history() { return history_; }

private:
    void write_event(const EventRow& event);
    void write_usage(const Usage& usage);
    void write_note(const NoteRow& note);
    void write_document(const DocumentRow& document);

    Database& database_;
    HistoryTables history_{database_};
    Statement insert_event_ = database_.prepare(
        "INSERT INTO event(sequence, hash, type, subject, time_ms, published) VALUES (?, ?, ?, ?, ?, ?)");
    Statement select_events_ = database_.prepare(
        "SELECT sequence, hash, type, subject, time_ms, published FROM event WHERE sequence >= ? ORDER BY sequence");
    Statement take_place_ = database_.prepare(
        "INSERT INTO usage(authority, order_id, container, control_point, passage, place, state, sequence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) FROM event)) "
        "ON CONFLICT DO UPDATE SET state = excluded.state, sequence = excluded.sequence");
    Statement free_place_ = database_.prepare(
        "DELETE FROM usage WHERE authority = ? AND order_id = ? AND container = ? AND control_point = ? AND passage = "
        "? AND place = ?");
    Statement select_usage_ = database_.prepare(
        "SELECT authority, order_id, container, control_point, passage, place, state FROM usage "
        "WHERE authority = ? AND order_id = ? AND container = ? AND control_point = ?");
    Statement any_usage_ = database_.prepare("SELECT 1 FROM usage WHERE authority = ? AND order_id = ? LIMIT 1");
    Statement page_usage_ = database_.prepare(
        "SELECT authority, order_id, container, control_point, passage, place, state, sequence FROM usage "
        "WHERE (authority, order_id, container, control_point, passage, place) > (?, ?, ?, ?, ?, ?) "
        "ORDER BY authority, order_id, container, control_point, passage, place LIMIT ?");
    Statement put_note_ = database_.prepare(
        "INSERT INTO note(lane, key, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body");
    Statement forget_note_ = database_.prepare("DELETE FROM note WHERE lane = ? AND key = ?");
    Statement select_notes_ = database_.prepare("SELECT lane, key, body FROM note WHERE lane = ? ORDER BY key");
    Statement put_position_ = database_.prepare(
        "INSERT INTO order_position(authority, number, hash, cursor) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "number = excluded.number, hash = excluded.hash, cursor = excluded.cursor");
    Statement put_document_ = database_.prepare(
        "INSERT INTO document(kind, name, version, hash, envelope) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "version = excluded.version, hash = excluded.hash, envelope = excluded.envelope");
    Statement forget_document_ = database_.prepare("DELETE FROM document WHERE kind = ? AND name = ?");
    Statement put_cursor_ = database_.prepare(
        "INSERT INTO destination(name, acknowledged) VALUES (?, ?) ON CONFLICT DO UPDATE SET "
        "acknowledged = max(acknowledged, excluded.acknowledged)");
    Statement put_head_ = database_.prepare(
        "INSERT INTO head(sequence, time_ms, envelope) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
        "time_ms = excluded.time_ms, envelope = excluded.envelope");
    Statement erase_event_ = database_.prepare("UPDATE event SET published = ? WHERE sequence = ?");
    Statement delete_events_ = database_.prepare("DELETE FROM event WHERE sequence <= ?");
    Statement delete_heads_ = database_.prepare("DELETE FROM head WHERE sequence < ?");
    Statement select_heads_ =
        database_.prepare("SELECT sequence, time_ms, envelope FROM head WHERE sequence >= ? ORDER BY sequence");
    Statement newest_head_ = database_.prepare(
        "SELECT sequence, time_ms, envelope FROM head WHERE sequence <= ? AND time_ms < ? "
        "ORDER BY sequence DESC LIMIT 1");
    Statement put_meta_ = database_.prepare(
        "INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
    Statement select_meta_ = database_.prepare("SELECT value FROM meta WHERE name = ?");
};

}  // namespace portcullis::store
