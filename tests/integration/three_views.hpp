#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "simulators/central/chain_check.hpp"

namespace portcullis::testing {

/// A row of the journal's table `event`.
struct JournalRow {
    std::string published;
    std::string hash;  ///< h(n), 64 hex digits
};

/// One gate's stream as three parties hold it that share no code.
struct ThreeViews {
    std::vector<std::string> central;  ///< what central has stored, in its order
    std::vector<std::string> witness;  ///< what an MQTT client printed, in its order, with everything that came twice
    std::vector<JournalRow> journal;   ///< what is on disk
};

/// Every difference between the three and between the rows' hashes and the chain recomputed, each in words; none = all
/// hold every event exactly once, in order, without a gap. An MQTT client may see an event again, and events again
/// after a hole: it takes the next one, ignores those that it has, and waits for the repetition of those that it
/// missed.
[[nodiscard]] std::vector<std::string> differences(const ThreeViews& views, const central::EventSchemas& schemas);

/// The rows of a journal that nobody has open, read with SQLite itself. Throws std::runtime_error.
[[nodiscard]] std::vector<JournalRow> journal_rows(const std::filesystem::path& database);

/// The sequence of a published event, 0 when the text is none.
[[nodiscard]] std::int64_t sequence_of(const std::string& published);

/// How far a consumer comes that takes only the next event from what it saw.
[[nodiscard]] std::int64_t complete_up_to(const std::vector<std::string>& seen);

}  // namespace portcullis::testing
