#include "store/journal_tables.hpp"

#include <algorithm>
#include <array>

namespace portcullis::store {
namespace {

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

constexpr std::string_view trust_floors_meta = "trust_floors";

WallTime wall_time(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

template <std::size_t Size>
std::array<std::uint8_t, Size> fixed_bytes(std::span<const std::uint8_t> bytes) {
    std::array<std::uint8_t, Size> fixed{};
    if (bytes.size() == Size) {
        std::copy(bytes.begin(), bytes.end(), fixed.begin());
    }
    return fixed;
}

/// -1 stands for an order that names no container: no packed key is negative, and 0 is AAAJ0000000.
std::int64_t packed(const std::optional<ContainerNumber>& container) {
    return container ? static_cast<std::int64_t>(container->packed()) : -1;
}

Usage usage_at(const Statement& row) {
    Usage usage;
    usage.key.authority = Authority{row.text(0)};
    usage.key.order = OrderId{row.text(1)};
    usage.key.container = ContainerNumber::from_packed(static_cast<std::uint64_t>(row.integer(2)));
    usage.key.control_point = ControlPoint{row.text(3)};
    usage.passage = PassageId{fixed_bytes<16>(row.bytes(4))};
    usage.place = static_cast<int>(row.integer(5));
    usage.state = enum_from<UsageState>(row.text(6)).value_or(UsageState::used);
    return usage;
}

DocumentRow document_row(const Statement& select) {
    return {select.text(0), select.text(1), select.integer(2), fixed_bytes<32>(select.bytes(3)), select.text(4)};
}

}  // namespace

// ---- writing

void JournalTables::write_event(const EventRow& event) {
    insert_event_.bind(event.sequence)
        .bind(event.hash)
        .bind(event.type)
        .bind(event.subject)
        .bind(milliseconds(event.time))
        .bind(event.published)
        .run();
}

void JournalTables::write_usage(const Usage& usage) {
    const bool frees = usage.state == UsageState::free;
    auto& statement = frees ? free_place_ : take_place_;
    statement.bind(usage.key.authority.text())
        .bind(usage.key.order.text())
        .bind(packed(usage.key.container))
        .bind(usage.key.control_point.text())
        .bind(usage.passage.bytes())
        .bind(usage.place);
    if (!frees) {
        statement.bind(text_of(usage.state));
    }
    statement.run();
}

void JournalTables::write_note(const NoteRow& note) {
    auto& statement = note.body ? put_note_ : forget_note_;
    statement.bind(note.lane.text()).bind(note.key);
    if (note.body) {
        statement.bind(*note.body);
    }
    statement.run();
}

void JournalTables::write_document(const DocumentRow& document) {
    if (document.envelope.empty()) {
        forget_document_.bind(document.kind).bind(document.name).run();
        return;
    }
    put_document_.bind(document.kind)
        .bind(document.name)
        .bind(document.version)
        .bind(document.hash)
        .bind(document.envelope)
        .run();
}

void JournalTables::write(const JournalBatch& batch) {
    for (const auto& event : batch.events) {
        write_event(event);
    }
    for (const auto& usage : batch.usage) {
        write_usage(usage);
    }
    for (const auto& note : batch.notes) {
        write_note(note);
    }
    for (const auto& position : batch.order_positions) {
        put_position_.bind(position.authority.text())
            .bind(position.number)
            .bind(position.hash)
            .bind(position.cursor)
            .run();
    }
    for (const auto& cursor : batch.acknowledged) {
        put_cursor_.bind(cursor.destination).bind(cursor.sequence).run();
    }
    for (const auto& head : batch.heads) {
        put_head_.bind(head.sequence).bind(milliseconds(head.time)).bind(head.envelope).run();
    }
    for (const auto& document : batch.documents) {
        write_document(document);
    }
    for (const auto& row : batch.history) {
        history_.write(row.sequence, row.change);
    }
    if (batch.trust_floors) {
        set_meta(trust_floors_meta, *batch.trust_floors);
    }
    if (batch.clean_stop) {
        set_meta("clean_stop", "yes");
    }
}

void JournalTables::erase(const std::vector<ErasedRow>& rows) {
    for (const auto& row : rows) {
        erase_event_.bind(row.published).bind(row.sequence).run();
        history_.erase(row.sequence);
    }
}

void JournalTables::cut(std::int64_t through, const Hash256& hash) {
    set_meta("cut_sequence", std::to_string(through));
    set_meta("cut_hash", hex_text(hash));
    delete_events_.bind(through).run();
    delete_heads_.bind(through).run();
    history_.cut(through);
}

void JournalTables::set_meta(std::string_view name, std::string_view value) {
    put_meta_.bind(name).bind(value).run();
}

std::optional<std::string> JournalTables::meta(std::string_view name) {
    const Use use{select_meta_.bind(name)};
    return select_meta_.step() ? std::optional{select_meta_.text(0)} : std::nullopt;
}

// ---- reading

std::int64_t JournalTables::boot_counter() {
    return database_.integer("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'boot_counter'");
}

void JournalTables::read_start(JournalStart& start) {
    const auto stream = StreamId::parse(meta("stream_id").value_or(""));
    if (!stream) {
        throw DatabaseError::corrupt(database_.file().string() + ": its stream_id is none");
    }
    start.stream = *stream;
    start.schema = database_.version();
    auto notes = database_.prepare("SELECT lane, key, body FROM note ORDER BY lane, key");
    while (notes.step()) {
        start.notes.push_back({LaneName{notes.text(0)}, notes.text(1), notes.text(2)});
    }
    auto reserved = database_.prepare(
        "SELECT authority, order_id, container, control_point, passage, place, state FROM usage WHERE state = "
        "'reserved'");
    while (reserved.step()) {
        start.reserved.push_back(usage_at(reserved));
    }
    auto cursors = database_.prepare("SELECT name, acknowledged FROM destination ORDER BY name");
    while (cursors.step()) {
        start.acknowledged.push_back({cursors.text(0), cursors.integer(1)});
    }
    auto positions = database_.prepare("SELECT authority, number, hash, cursor FROM order_position ORDER BY authority");
    while (positions.step()) {
        start.order_positions.push_back({Authority{positions.text(0)}, positions.integer(1),
                                         fixed_bytes<32>(positions.bytes(2)), positions.integer(3)});
    }
    auto documents =
        database_.prepare("SELECT kind, name, version, hash, envelope FROM document WHERE name = '' ORDER BY kind");
    while (documents.step()) {
        start.documents.push_back(document_row(documents));
    }
    start.trust_floors = meta(trust_floors_meta);
    start.named = history_.named();
}

StreamCut JournalTables::read_cut() {
    const auto hash = hash256_from_hex(meta("cut_hash").value_or(""));
    if (!hash) {
        return {};
    }
    return {database_.integer("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'cut_sequence'"), *hash};
}

std::vector<HeadRow> JournalTables::heads_from(std::int64_t sequence, std::size_t rows) {
    std::vector<HeadRow> heads;
    Use select{select_heads_.bind(sequence)};
    while (heads.size() < rows && select->step()) {
        heads.push_back({select->integer(0), wall_time(select->integer(1)), select->text(2)});
    }
    return heads;
}

std::optional<HeadRow> JournalTables::newest_head(std::int64_t most_sequence, WallTime before) {
    const Use select{newest_head_.bind(most_sequence).bind(milliseconds(before))};
    if (!newest_head_.step()) {
        return std::nullopt;
    }
    return HeadRow{newest_head_.integer(0), wall_time(newest_head_.integer(1)), newest_head_.text(2)};
}

StreamEnd JournalTables::read_end() {
    auto end = database_.prepare("SELECT sequence, hash, time_ms FROM event ORDER BY sequence DESC LIMIT 1");
    if (!end.step()) {
        return {};
    }
    return {end.integer(0), fixed_bytes<32>(end.bytes(1)), wall_time(end.integer(2))};
}

namespace {

EventRow event_row(const Statement& select) {
    return {select.integer(0), fixed_bytes<32>(select.bytes(1)), select.text(2),
            select.text(3),    wall_time(select.integer(4)),     select.text(5)};
}

}  // namespace

std::vector<EventRow> JournalTables::read_from(std::int64_t sequence, std::size_t rows, std::size_t bytes) {
    std::vector<EventRow> events;
    std::size_t taken = 0;
    Use select{select_events_.bind(sequence)};
    while (events.size() < rows && select->step()) {
        taken += select->size(5);
        if (taken > bytes && !events.empty()) {
            break;
        }
        events.push_back(event_row(*select.operator->()));
    }
    return events;
}

std::optional<EventRow> JournalTables::newest_of(const std::string& type) {
    auto select = database_.prepare(
        "SELECT sequence, hash, type, subject, time_ms, published FROM event WHERE type = ? ORDER BY sequence DESC "
        "LIMIT 1");
    select.bind(type);
    return select.step() ? std::optional{event_row(select)} : std::nullopt;
}

std::vector<Usage> JournalTables::usage_of(const std::vector<UsageKey>& keys) {
    std::vector<Usage> found;
    for (const auto& key : keys) {
        Use select{select_usage_.bind(key.authority.text())
                       .bind(key.order.text())
                       .bind(packed(key.container))
                       .bind(key.control_point.text())};
        while (select->step()) {
            found.push_back(usage_at(select_usage_));
        }
    }
    return found;
}

std::vector<OrderId> JournalTables::unused(const Authority& authority, const std::vector<OrderId>& orders) {
    std::vector<OrderId> unused;
    for (const auto& order : orders) {
        Use any{any_usage_.bind(authority.text()).bind(order.text())};
        if (!any->step()) {
            unused.push_back(order);
        }
    }
    return unused;
}

std::vector<UsageRow> JournalTables::usage_behind(const std::optional<Usage>& mark, std::size_t most) {
    const auto after = mark.value_or(Usage{});
    std::vector<UsageRow> rows;
    Use row{page_usage_.bind(after.key.authority.text())
                .bind(after.key.order.text())
                .bind(packed(after.key.container))
                .bind(after.key.control_point.text())
                .bind(after.passage.bytes())
                .bind(after.place)
                .bind(static_cast<std::int64_t>(most))};
    while (row->step()) {
        rows.push_back({usage_at(page_usage_), row->integer(7)});
    }
    return rows;
}

std::optional<DocumentRow> JournalTables::document(const DocumentKey& key) {
    auto select =
        database_.prepare("SELECT kind, name, version, hash, envelope FROM document WHERE kind = ? AND name = ?");
    select.bind(key.kind).bind(key.name);
    return select.step() ? std::optional{document_row(select)} : std::nullopt;
}

std::vector<DocumentRow> JournalTables::documents(const std::string& kind) {
    auto select =
        database_.prepare("SELECT kind, name, version, hash, envelope FROM document WHERE kind = ? ORDER BY name");
    select.bind(kind);
    std::vector<DocumentRow> rows;
    while (select.step()) {
        rows.push_back(document_row(select));
    }
    return rows;
}

std::vector<NoteRow> JournalTables::notes_of(const LaneName& lane) {
    std::vector<NoteRow> notes;
    Use select{select_notes_.bind(lane.text())};
    while (select->step()) {
        notes.push_back({LaneName{select->text(0)}, select->text(1), select->text(2)});
    }
    return notes;
}

}  // namespace portcullis::store
