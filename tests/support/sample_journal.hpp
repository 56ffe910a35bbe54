#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "codec/event_catalogue.hpp"
#include "codec/event_writer.hpp"
#include "gate/journal_writer.hpp"
#include "store/journal.hpp"
#include "trust/signature.hpp"

namespace portcullis::testing {

/// The envelope of a head, as a gate signs it.
[[nodiscard]] std::string signed_head(const trust::SigningKey& key, StreamId stream, std::int64_t sequence,
                                      const Hash256& hash);

/// A journal that the gate's own codec, writer and store have made: `stream.opened`, and then the examples of
/// docs/events over and over with other numbers and plates. Its ids and salts are the same in every run.
class SampleJournal {
public:
    static constexpr const char* source = "/portcullis/xmht/g07";

    /// In an existing folder; goes on with the journal that it finds there. `key_number` chooses the gate's key, `name`
    /// the ids and salts.
    explicit SampleJournal(const std::filesystem::path& folder, std::uint8_t key_number = 1,
                           const std::string& name = "sample");

    /// That many more events, in transactions of a few; a head behind every `head_every`th entry.
    void write(std::int64_t events, std::int64_t head_every = 20);
    void sign_last();
    /// Erases these entries, and records that it did.
    void erase(const std::vector<std::int64_t>& sequences);

    [[nodiscard]] store::Journal& journal() { return *journal_; }
    [[nodiscard]] const codec::EventWriter& writer() const { return writer_; }
    [[nodiscard]] const trust::SigningKey& key() const { return key_; }
    [[nodiscard]] std::string head_key() const { return key_.public_key().text(); }
    /// Stops using the file.
    void close() { journal_.reset(); }

private:
    void append(const std::vector<Event>& events, bool sign);
    [[nodiscard]] Event next_example();

    codec::EventCatalogue catalogue_;
    codec::EventWriter writer_;
    trust::SigningKey key_;
    IdSource ids_;
    std::unique_ptr<store::Journal> journal_;
    gate::JournalWriter numbers_;
    std::vector<Event> examples_;
    std::int64_t taken_ = 0;
};

}  // namespace portcullis::testing
