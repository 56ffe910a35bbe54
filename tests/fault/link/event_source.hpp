#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "codec/event_catalogue.hpp"
#include "codec/event_writer.hpp"
#include "gate/journal_writer.hpp"
#include "runtime/clock.hpp"
#include "store/journal.hpp"
#include "tests/fault/link/passage_events.hpp"

namespace portcullis::fault {

/// Ids for a test's process.
[[nodiscard]] IdSource random_ids();

/// The journal of a folder, which is made. Throws std::runtime_error when it cannot be opened.
[[nodiscard]] std::unique_ptr<store::Journal> open_journal(const std::filesystem::path& folder);

/// Events of passages, numbered, salted and chained by the gate's own writer, behind what a journal holds.
class EventSource {
public:
    /// Runs in the root of the source tree, where docs/events/examples is.
    EventSource(const store::Journal& journal, const runtime::Clock& clock);

    /// The next events, as one transaction.
    [[nodiscard]] store::JournalBatch next(int count);
    [[nodiscard]] const codec::EventWriter& writer() const { return event_writer_; }
    [[nodiscard]] const gate::StreamPosition& position() const { return writer_.position(); }

private:
    codec::EventCatalogue catalogue_;
    codec::EventWriter event_writer_;
    gate::JournalWriter writer_;
    PassageEvents events_;
};

}  // namespace portcullis::fault
