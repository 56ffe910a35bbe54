// The schema of journal.db, one step a version (docs/journal.md).
#include <array>

#include "store/journal_tables.hpp"

namespace portcullis::store {
namespace {

constexpr std::array<Migration, 5> history{R"(
CREATE TABLE event(
    sequence  INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    type      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    time_ms   INTEGER NOT NULL,
    published TEXT NOT NULL
) STRICT;
CREATE TABLE usage(
    authority     TEXT NOT NULL,
    order_id      TEXT NOT NULL,
    container     INTEGER NOT NULL,
    control_point TEXT NOT NULL,
    passage       BLOB NOT NULL CHECK (length(passage) = 16),
    state         TEXT NOT NULL CHECK (state IN ('reserved', 'used')),
    PRIMARY KEY (authority, order_id, container, control_point, passage)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_reserved ON usage(state) WHERE state = 'reserved';
CREATE TABLE note(
    lane TEXT NOT NULL,
    key  TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (lane, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE destination(
    name         TEXT PRIMARY KEY,
    acknowledged INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE order_position(
    authority TEXT PRIMARY KEY,
    number    INTEGER NOT NULL,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    cursor    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE meta(
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)",
                                           R"(
CREATE TABLE head(
    sequence INTEGER PRIMARY KEY,
    time_ms  INTEGER NOT NULL,
    envelope TEXT NOT NULL
) STRICT;
)",
                                           R"(
CREATE TABLE document(
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    envelope TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;
)",
                                           R"(
CREATE TABLE visit(
    sequence INTEGER NOT NULL,
    plate    TEXT NOT NULL,
    passage  BLOB NOT NULL CHECK (length(passage) = 16),
    lane     TEXT NOT NULL,
    time_ms  INTEGER NOT NULL,
    PRIMARY KEY (sequence, plate)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_plate ON visit(plate, time_ms);
CREATE TABLE box_place(
    container  INTEGER PRIMARY KEY,
    place      TEXT NOT NULL CHECK (place IN ('inside', 'outside', 'unknown')),
    time_ms    INTEGER NOT NULL,
    laden      TEXT NOT NULL CHECK (laden IN ('yes', 'no', 'unknown')),
    enterprise TEXT NOT NULL,
    sequence   INTEGER NOT NULL
) STRICT;
CREATE INDEX box_inside ON box_place(enterprise) WHERE place = 'inside' AND laden <> 'no';
CREATE INDEX box_newest ON box_place(sequence);
)",
                                           R"(
ALTER TABLE usage RENAME TO usage_before;
CREATE TABLE usage(
    authority     TEXT NOT NULL,
    order_id      TEXT NOT NULL,
    container     INTEGER NOT NULL,
    control_point TEXT NOT NULL,
    passage       BLOB NOT NULL CHECK (length(passage) = 16),
    place         INTEGER NOT NULL CHECK (place > 0),
    state         TEXT NOT NULL CHECK (state IN ('reserved', 'used')),
    sequence      INTEGER NOT NULL,
    PRIMARY KEY (authority, order_id, container, control_point, passage, place)
) STRICT, WITHOUT ROWID;
INSERT INTO usage(authority, order_id, container, control_point, passage, place, state, sequence)
    SELECT authority, order_id, container, control_point, passage, 1, state,
           (SELECT coalesce(max(sequence), 0) FROM event)
    FROM usage_before;
DROP TABLE usage_before;
CREATE INDEX usage_reserved ON usage(state) WHERE state = 'reserved';
CREATE TABLE named_order(
    authority TEXT NOT NULL,
    order_id  TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    PRIMARY KEY (authority, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_newest ON named_order(sequence);
)"};

}  // namespace

std::span<const Migration> journal_history() {
    return history;
}

}  // namespace portcullis::store
