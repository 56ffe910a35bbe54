#include "store/missing_entries.hpp"

namespace portcullis::store {
namespace {

/// Empty where a start did not come so far, or nothing is left of it.
std::string stream_of(Database& journal) {
    const bool has_tables = journal.integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'event')") == 2;
    return has_tables ? journal.text("SELECT value FROM meta WHERE name = 'stream_id'") : std::string{};
}

}  // namespace

std::string missing_entries(Database& journal, const std::optional<EndMark::End>& end, bool had_log) {
    if (!end) {
        return {};
    }
    const auto written = "entry " + std::to_string(end->sequence) + " of stream " + end->stream.text() +
                         " was written: its log was damaged or lost, or an older image put in its place";
    const auto stream = stream_of(journal);
    if (stream.empty()) {
        return had_log ? "holds nothing, and " + written : std::string{};
    }
    const auto last = journal.integer("SELECT coalesce(max(sequence), 0) FROM event");
    return stream == end->stream.text() && last < end->sequence
               ? "ends at entry " + std::to_string(last) + ", and " + written
               : std::string{};
}

}  // namespace portcullis::store
