#pragma once

#include <optional>
#include <string>

#include "store/database.hpp"
#include "store/end_mark.hpp"

namespace portcullis::store {

/// Entries that the file `end` knows and the journal does not have, in words; empty = none. `had_log`: the journal had
/// a log before it was opened. Throws DatabaseError.
[[nodiscard]] std::string missing_entries(Database& journal, const std::optional<EndMark::End>& end, bool had_log);

}  // namespace portcullis::store
