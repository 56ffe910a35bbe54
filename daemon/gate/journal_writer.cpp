#include "gate/journal_writer.hpp"

#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

JournalWriter::JournalWriter(const codec::EventWriter& writer, StreamPosition position, IdSource salts)
    : writer_(writer), position_(std::move(position)), salts_(std::move(salts)) {}

store::EventRow JournalWriter::number(const Event& event) {
    if (event.token) {
        remember(*event.token);
    }
    const codec::EventStamp stamp{position_.source, position_.stream,      position_.last + 1,
                                  position_.hash,   codec::Salt{salts_()}, position_.boot};
    auto written = writer_.write(event, stamp, [this](EventToken token) { return sequence_of(token); });
    if (!written) {
        throw std::logic_error{"event " + event.type + " cannot be written: " + written.error().message()};
    }
    position_.last = stamp.sequence;
    position_.hash = trust::chain_hash(position_.hash, written->record);
    return {position_.last, position_.hash, event.type, event.subject, event.at.wall, std::move(written->published)};
}

std::string JournalWriter::note(const Value& body) const {
    auto text = codec::canonical_text(body, [this](EventToken token) { return sequence_of(token); });
    if (!text) {
        throw std::logic_error{"a lane's note cannot be written: " + text.error().message()};
    }
    if (text->size() > note_limits.bytes) {
        throw std::logic_error{"a note of " + std::to_string(text->size()) + " bytes could never be read again"};
    }
    return std::move(text).value();
}

std::optional<std::int64_t> JournalWriter::sequence_of(EventToken token) const {
    const auto found = sequences_.find(token.number);
    return found == sequences_.end() ? std::nullopt : std::optional{found->second};
}

void JournalWriter::remember(EventToken token) {
    sequences_[token.number] = position_.last + 1;
    remembered_.push_back(token.number);
    if (remembered_.size() > tokens_kept) {
        sequences_.erase(remembered_.front());
        remembered_.pop_front();
    }
}

}  // namespace portcullis::gate
