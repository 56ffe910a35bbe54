#include "tests/fault/link/event_source.hpp"

#include <array>
#include <random>
#include <stdexcept>
#include <utility>

#include "codec/event_schemas.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {

IdSource random_ids() {
    return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
        std::array<std::uint8_t, 16> id{};
        for (auto& byte : id) {
            byte = static_cast<std::uint8_t>(engine());
        }
        return id;
    };
}

std::unique_ptr<store::Journal> open_journal(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    store::JournalSettings settings;
    settings.directory = folder;
    auto journal = store::Journal::open(settings, random_ids());
    if (!journal) {
        throw std::runtime_error{journal.error().message};
    }
    return std::move(journal).value();
}

EventSource::EventSource(const store::Journal& journal, const runtime::Clock& clock)
    : catalogue_(codec::embedded_event_schemas()),
      event_writer_(catalogue_, trust::hmac_sha256),
      writer_(event_writer_,
              {"/portcullis/fault/g1", journal.start().stream, BootId{random_ids()()}, journal.last().sequence,
               journal.last().hash},
              random_ids()),
      events_("docs/events/examples", clock) {}

store::JournalBatch EventSource::next(int count) {
    store::JournalBatch batch;
    for (int i = 0; i < count; ++i) {
        batch.events.push_back(writer_.number(events_.next()));
    }
    return batch;
}

}  // namespace portcullis::fault
