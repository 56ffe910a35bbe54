#pragma once

#include <filesystem>

#include "store/database.hpp"

namespace portcullis::store::testing {

/// Makes a journal one of schema 4 again, in which a passage had one place of an order. What it holds stays.
inline void bring_back_schema_4(Database& journal) {
    journal.execute(
        "DROP TABLE named_order;"
        "ALTER TABLE usage RENAME TO usage_since;"
        "CREATE TABLE usage(authority TEXT NOT NULL, order_id TEXT NOT NULL, container INTEGER NOT NULL, "
        "control_point TEXT NOT NULL, passage BLOB NOT NULL CHECK (length(passage) = 16), "
        "state TEXT NOT NULL CHECK (state IN ('reserved', 'used')), "
        "PRIMARY KEY (authority, order_id, container, control_point, passage)) STRICT, WITHOUT ROWID;"
        "INSERT INTO usage SELECT authority, order_id, container, control_point, passage, state FROM usage_since "
        "WHERE place = 1;"
        "DROP TABLE usage_since;"
        "CREATE INDEX usage_reserved ON usage(state) WHERE state = 'reserved';"
        "PRAGMA user_version=4");
}

}  // namespace portcullis::store::testing
