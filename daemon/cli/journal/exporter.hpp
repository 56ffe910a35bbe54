#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "cli/journal/journal_source.hpp"
#include "core/time.hpp"

namespace portcullis::cli {

struct ExportRange {
    std::int64_t from = 1;
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

/// Writes an export (docs/journal.md), each line without its line end, to `line`, which gives false to end it early.
/// It begins at 1, or right behind the newest signed entry before `range.from`: nothing that begins later could be
/// checked. Says what was wrong, or nothing.
[[nodiscard]] std::optional<std::string> export_journal(JournalSource& source, ExportRange range, WallTime now,
                                                        const std::function<bool(std::string_view)>& line);

}  // namespace portcullis::cli
