#include "tests/support/sample_journal.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "codec/event_schemas.hpp"
#include "core/time_text.hpp"
#include "tests/support/files.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

/// The same ids in every run.
IdSource counted_ids(const std::string& name) {
    return [name, number = std::uint64_t{0}]() mutable {
        std::array<std::uint8_t, 16> id{};
        const auto digest = trust::sha256(name + " " + std::to_string(++number));
        std::copy_n(digest.begin(), id.size(), id.begin());
        return id;
    };
}

trust::SigningKey sample_key(std::uint8_t number) {
    return trust::SigningKey::from_seed(hex_text(std::vector<std::uint8_t>(32, number))).value();
}

std::vector<Event> read_examples(const codec::EventWriter& writer) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator{"docs/events/examples"}) {
        files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Event> examples;
    for (const auto& file : files) {
        const auto published = codec::canonical_text(codec::parse_value(file_text(file.string())).value()).value();
        auto event = writer.read(published).value().event;
        // These two say something of the journal itself, which the sample says where it is true.
        if (event.type != "stream.opened" && event.type != "journal.erased") {
            examples.push_back(std::move(event));
        }
    }
    return examples;
}

Now at(std::int64_t place) {
    return {Instant{std::chrono::seconds{100 + place}},
            time_from_text("2026-11-23T01:02:03.004Z").value() + std::chrono::seconds{place}, ClockState::synchronised};
}

}  // namespace

std::string signed_head(const trust::SigningKey& key, StreamId stream, std::int64_t sequence, const Hash256& hash) {
    const auto payload = codec::canonical_text(Value{Object{{"stream", stream.text()},
                                                            {"sequence", sequence},
                                                            {"hash", hex_text(hash)},
                                                            {"time", time_text(at(sequence).wall)},
                                                            {"ruleset_version", 0},
                                                            {"order_cursor", 7}}})
                             .value();
    const auto type = codec::payload_type_of("head");
    const auto signature = key.sign(trust::pre_authentication_encoding(type, payload));
    const std::string_view bytes{reinterpret_cast<const char*>(signature.data()), signature.size()};
    return codec::write_envelope(
        {type, trust::to_base64(payload), {{key.public_key().keyid(), trust::to_base64(bytes)}}});
}

SampleJournal::SampleJournal(const std::filesystem::path& folder, std::uint8_t key_number, const std::string& name)
    : catalogue_(codec::embedded_event_schemas()),
      writer_(catalogue_, trust::hmac_sha256),
      key_(sample_key(key_number)),
      ids_(counted_ids(name)),
      journal_(store::Journal::open({folder, {}, {}}, ids_).value()),
      numbers_(writer_,
               {source, journal_->start().stream, BootId{counted_ids(name + ", boot")()}, journal_->last().sequence,
                journal_->last().hash},
               ids_),
      examples_(read_examples(writer_)),
      taken_(journal_->last().sequence) {
    append({{"stream.opened", "gate", at(taken_),
             Object{{"stream_id", journal_->start().stream.text()},
                    {"previous_stream", "none"},
                    {"boot_counter", journal_->start().boot_counter},
                    {"clean_stop", "unknown"},
                    {"software", "portcullisd of the sample"},
                    {"schema", journal_->start().schema},
                    {"verify", "new"},
                    {"head_key", head_key()}},
             std::nullopt}},
           false);
}

Event SampleJournal::next_example() {
    auto event = examples_[static_cast<std::size_t>(taken_) % examples_.size()];
    event.at = at(++taken_);
    for (const auto* name : {"raw", "normalised", "tractor"}) {
        auto* value = event.data.find(name);
        auto* text = value == nullptr ? nullptr : value->get<std::string>();
        if (text != nullptr && *text != "unknown" && *text != "none") {
            *text = "闽D" + std::to_string(10000 + taken_ % 90000);
        }
    }
    return event;
}

void SampleJournal::append(const std::vector<Event>& events, bool sign) {
    store::JournalBatch batch;
    for (const auto& event : events) {
        batch.events.push_back(numbers_.number(event));
    }
    const auto& position = numbers_.position();
    if (sign) {
        batch.heads.push_back(
            {position.last, at(position.last).wall, signed_head(key_, position.stream, position.last, position.hash)});
    }
    if (journal_->append(batch) != store::StoreOutcome::committed) {
        throw std::runtime_error{"the sample cannot be written: " + journal_->failure()};
    }
}

void SampleJournal::write(std::int64_t events, std::int64_t head_every) {
    for (std::int64_t i = 0; i < events; ++i) {
        append({next_example()}, (numbers_.position().last + 1) % head_every == 0);
    }
}

void SampleJournal::sign_last() {
    store::JournalBatch batch;
    const auto& position = numbers_.position();
    batch.heads.push_back(
        {position.last, at(position.last).wall, signed_head(key_, position.stream, position.last, position.hash)});
    if (journal_->append(batch) != store::StoreOutcome::committed) {
        throw std::runtime_error{"the sample cannot be signed: " + journal_->failure()};
    }
}

void SampleJournal::erase(const std::vector<std::int64_t>& sequences) {
    std::vector<store::ErasedRow> rows;
    for (const auto sequence : sequences) {
        const auto read = journal_->read_from(sequence, 1, 1).value();
        rows.push_back({sequence, writer_.erase(read.at(0).published).value()});
    }
    if (journal_->erase(rows) != store::StoreOutcome::committed) {
        throw std::runtime_error{"the sample cannot be erased: " + journal_->failure()};
    }
    append({{"journal.erased", "gate", at(++taken_),
             Object{{"first", sequences.front()},
                    {"last", sequences.back()},
                    {"events", static_cast<std::int64_t>(sequences.size())},
                    {"cause", "request"},
                    {"actor", "A113"},
                    {"role", "auditor"},
                    {"channel", "remote"},
                    {"auth_method", "unknown"},
                    {"command_id", "none"},
                    {"reason_code", "unknown"},
                    {"reason_text", "Right to erasure, case 2026-118"},
                    {"on_shift", "unknown"}},
             std::nullopt}},
           false);
}

}  // namespace portcullis::testing
