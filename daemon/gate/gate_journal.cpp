// Of the gate: how its journal opens, is sealed with heads and kept in bounds.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"
#include "gate/chain_check.hpp"
#include "gate/gate.hpp"
#include "supervision/history.hpp"

namespace portcullis::gate {

namespace {

constexpr std::string_view erased_note = "erased_through";
/// Of what a check of SQLite's says, which may be a hundred lines.
constexpr std::size_t most_detail = 400;

/// The beginning of it, whole letters.
std::string beginning_of(std::string text) {
    if (text.size() > most_detail) {
        auto end = most_detail;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
            --end;
        }
        text.resize(end);
    }
    return text;
}

}  // namespace

JournalDesk::Ports Gate::journal_ports() {
    return {
        [this](store::JournalBatch batch, std::function<void(store::StoreOutcome)> done) {
            journal_.append(std::move(batch), std::move(done));
        },
        [this](std::optional<Instant> at) { journal_alarm_.set(at); },
        [this] { return surroundings_.clock.now(); },
        [this](bool lost) {
            surroundings_.log.error(lost ? "the journal cannot write: lanes are out of service"
                                         : "the journal writes again");
            for (auto& seat : lanes_) {
                seat.runner->give(lost ? lane::Input{lane::JournalLost{}} : lane::Input{lane::JournalBack{}});
            }
        },
        [this](std::int64_t last) {
            for (auto& destination : destinations_) {
                destination.uplink->journal_grew(last);
            }
            journal_.checkpoint_if_due();
        },
        [this](const std::string& why) { fatal(why); },
        [this](std::int64_t sequence, const Hash256& hash, bool closing) { return head_of(sequence, hash, closing); },
        [this](const store::HeadRow& head) { head_maker_.made(head.sequence, surroundings_.clock.now().instant); },
        [this](const Event& event, std::int64_t sequence, store::JournalBatch& batch) {
            numbered(event, sequence, batch);
        }};
}

void Gate::numbered(const Event& event, std::int64_t sequence, store::JournalBatch& batch) {
    coverage_desk_.count(event, sequence);
    auto change = supervision::history_of(event);
    if (!change.empty()) {
        order_desk_.named(change.named);
        batch.history.push_back({sequence, std::move(change)});
    }
}

void Gate::tell_coverage(Now now) {
    if (auto sheet = coverage_desk_.due(now, journal_writer_.position().last)) {
        record(std::move(*sheet));
    }
}

std::int64_t Gate::newest_head_sequence(store::Journal& journal) {
    const auto head = journal.newest_head(journal.last().sequence);
    return head && head.value() ? head.value()->sequence : 0;
}

std::optional<store::HeadRow> Gate::head_of(std::int64_t sequence, const Hash256& hash, bool closing) const {
    const auto now = surroundings_.clock.now();
    if (!closing && !head_maker_.due(sequence, now.instant)) {
        return std::nullopt;
    }
    const auto ruleset = ruleset_desk_ ? ruleset_desk_->version() : 0;
    return head_maker_.make({sequence, hash, ruleset, order_desk_.cursor()}, now.wall);
}

void Gate::publish_head(const std::string& envelope) {
    for (auto& destination : destinations_) {
        destination.uplink->publish_head(envelope);
    }
}

std::optional<Value> Gate::own_note(std::string_view key) const {
    // Only that one is read: a gate with cameras has a note for each picture.
    const auto found = std::find_if(start_.notes.begin(), start_.notes.end(), [key](const store::NoteRow& note) {
        return note.lane.empty() && note.key == key && note.body;
    });
    if (found == start_.notes.end()) {
        return std::nullopt;
    }
    auto body = codec::parse_value(*found->body, note_limits);
    if (!body) {
        throw std::runtime_error{"the journal's note " + found->key + " cannot be read: " + body.error().message()};
    }
    return std::move(body).value();
}

std::int64_t Gate::erased_through() const {
    const auto note = own_note(erased_note);
    const auto* const sequence = note ? note->get<std::int64_t>() : nullptr;
    return sequence == nullptr ? 0 : *sequence;
}

JournalKeeper::Ports Gate::keeper_ports() {
    JournalKeeper::Ports ports;
    ports.look = [this](std::function<void(StorageLook)> done) { journal_.look_at_storage(std::move(done)); };
    ports.erase = [this](ErasureStep step, std::function<void(std::optional<Erased>)> done) {
        journal_.erase(step, [this, done = std::move(done)](const std::optional<Erased>& erased) {
            journal_erased();
            done(erased);
        });
    };
    ports.cut = [this](std::int64_t through, WallTime before, std::function<void(std::optional<CutDone>)> done) {
        journal_.cut(through, before, std::move(done));
    };
    ports.stored_by_all = [this] { return stored_by_all(); };
    ports.idle = [this] { return journal_desk_.idle() && !stopping_; };
    ports.record = [this](Event event) { record(std::move(event)); };
    ports.erased_through = [this](std::int64_t through) {
        Submission submission;
        submission.notes.push_back({std::string{erased_note}, Value{through}});
        journal_desk_.submit(std::move(submission));
    };
    ports.reserve = [this](bool whole) { journal_desk_.set_reserve(whole); };
    ports.first_changed = [this](std::int64_t first) {
        for (auto& destination : destinations_) {
            destination.uplink->journal_cut(first);
        }
        if (ruleset_desk_) {
            ruleset_desk_->journal_cut(first - 1);
        }
    };
    return ports;
}

void Gate::open_stream() {
    const auto now = surroundings_.clock.now();
    const bool first = stores_.journal->last().sequence == 0;
    const auto wrong = check_chain_end(*stores_.journal, event_writer_, stores_.key.key.public_key());
    if (wrong) {
        surroundings_.log.error("the journal's chain does not hold", {{"why", wrong->detail}});
    }
    if (stores_.key.created && !start_.created) {
        surroundings_.log.error(
            "the gate's key was not there and a new one was made: tell central, or restore gate.key",
            {{"head_key", stores_.key.key.public_key().text()}});
    }
    if (start_.set_aside) {
        surroundings_.log.error("a damaged journal was set aside and a new stream begun",
                                {{"kept", start_.set_aside->string()}, {"why", start_.damage}});
    }
    const char* const checked = first ? "new" : "ok";
    record({"stream.opened", "gate", now,
            Object{{"stream_id", start_.stream.text()},
                   {"previous_stream", start_.previous_stream},
                   {"boot_counter", start_.boot_counter},
                   {"clean_stop", start_.created ? "unknown" : (start_.previous_stop_clean ? "yes" : "no")},
                   {"software", "portcullis " PORTCULLIS_VERSION},
                   {"schema", start_.schema},
                   {"verify", wrong ? "failed" : checked},
                   {"head_key", stores_.key.key.public_key().text()},
                   {"settings_hash", hex_text(plan_.settings_hash)}},
            std::nullopt});
    if (start_.set_aside) {
        record({"journal.verify_failed", "gate", now,
                Object{{"at_sequence", "unknown"}, {"kind", "set_aside"}, {"detail", beginning_of(start_.damage)}},
                std::nullopt});
    }
    if (wrong) {
        record({"journal.verify_failed", "gate", now,
                Object{{"at_sequence", wrong->sequence == 0 ? Value{"unknown"} : Value{wrong->sequence}},
                       {"kind", wrong->kind},
                       {"detail", wrong->detail}},
                std::nullopt});
    }
    if (const auto head = stores_.journal->newest_head(stores_.journal->last().sequence); head && head.value()) {
        publish_head(head.value()->envelope);
    }
    tell_settings(now);
    keep_policy();
}

}  // namespace portcullis::gate
