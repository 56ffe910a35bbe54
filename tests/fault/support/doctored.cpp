#include "tests/fault/support/doctored.hpp"

#include <stdexcept>

#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "store/database.hpp"
#include "store/order_cache.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/fault/support/proof.hpp"
#include "tests/unit/store/an_old_journal.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

constexpr std::int32_t journal_application = 0x50634a6e;

/// The journal without what guards it.
class OpenedUp {
public:
    explicit OpenedUp(const Doctor& doctor)
        : database_(doctor.directory / "journal.db", doctor.file_system, journal_application) {
        database_.configure();
    }
    store::Database* operator->() { return &database_; }
    store::Database& operator*() { return database_; }

private:
    store::Database database_;
};

}  // namespace

void Doctor::remove_an_entry() const {
    OpenedUp journal{*this};
    const auto middle = journal->integer("SELECT (min(sequence) + max(sequence)) / 2 FROM event");
    journal->execute("DELETE FROM event WHERE sequence = " + std::to_string(middle));
}

void Doctor::forge_the_newest_entry() const {
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    OpenedUp journal{*this};
    const auto published = journal->text("SELECT published FROM event ORDER BY sequence DESC LIMIT 1");
    const auto read = writer.read(published);
    if (!read) {
        throw std::runtime_error{"the newest entry cannot be read: " + read.error().message()};
    }
    auto forged = read->event;
    forged.at.wall += std::chrono::hours{1};
    const auto written = writer.write(forged, read->stamp);
    if (!written) {
        throw std::runtime_error{"the newest entry cannot be forged: " + written.error().message()};
    }
    const auto hash = trust::chain_hash(read->stamp.previous, written->record);
    auto update =
        journal->prepare("UPDATE event SET published = ?, hash = ? WHERE sequence = (SELECT max(sequence) FROM event)");
    update.bind(written->published).bind(hash).run();
}

void Doctor::mix_two_batches() const {
    if (!file_system.empty()) {
        MemoryDisk::show_names(directory);
    }
    auto cache = store::OrderCache::open({directory, file_system, slice_of_orders, false, {}});
    if (!cache) {
        throw std::runtime_error{cache.error().message};
    }
    std::int64_t number = 0;
    for (const auto& position : (*cache)->state().positions) {
        number = position.number;
    }
    auto half = orders_of_batch(number + 1);
    half.changes.resize(half.changes.size() / 2);
    (*cache)->begin(std::move(half));
    Result<std::optional<store::BatchApplied>, store::StoreFailure> slice{std::optional<store::BatchApplied>{}};
    do {
        slice = (*cache)->apply_slice();
    } while (slice && !*slice);
}

void Doctor::age_the_journal(bool forgetful) const {
    OpenedUp journal{*this};
    journal->execute("DROP TABLE head");
    journal->execute("DROP TABLE document");
    journal->execute("DROP TABLE visit");
    journal->execute("DROP TABLE box_place");
    store::testing::bring_back_schema_4(*journal);
    journal->execute("PRAGMA user_version=1");
    journal->execute("DELETE FROM meta WHERE name = 'clean_stop'");
    if (forgetful) {
        journal->execute("DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)");
    }
    journal->checkpoint();
}

}  // namespace portcullis::fault
