#include "cli/ruleset_of_verdict.hpp"

#include <cstdint>
#include <optional>
#include <sstream>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "cli/explain/explained_passage.hpp"
#include "cli/explain/text_file.hpp"
#include "codec/canonical.hpp"
#include "core/documents.hpp"
#include "gate/journal_writer.hpp"
#include "gate/load_plan.hpp"
#include "gate/policy_shelf.hpp"
#include "gate/ruleset_desk.hpp"
#include "gate/ruleset_shelf.hpp"
#include "store/journal.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::cli {
namespace {

/// The policy of settings that somebody names, as it stands there now.
Result<Ruleset, std::string> policy_in_settings(const RulesetPlaces& places) {
    const auto loaded = gate::load_plan(places.settings, places.profiles);
    if (!loaded.plan) {
        return Failure{places.settings.string() + " is not good; `portcullis check` says why"};
    }
    return supervision::policy_alone(loaded.plan->policy);
}

/// The largest integer of a document.
constexpr std::int64_t behind_every_event = (std::int64_t{1} << 53) - 1;

using Document = Result<std::string, std::string>;

Document document_in(const std::filesystem::path& file) {
    auto text = bytes_of(file, most_ruleset_file_bytes);
    if (!text) {
        return Failure{file.string() + ": cannot be read, is empty, or is too large"};
    }
    return std::move(*text);
}

/// The gate keeps it while its journal refers to it, and gives it page by page.
Document document_of_daemon(const RecordedVerdict& recorded, const std::filesystem::path& control_socket) {
    std::string document;
    std::ostringstream why;
    for (;;) {
        const auto question =
            codec::canonical_text(Value{Object{{"ask", "ruleset_document"},
                                               {"version", recorded.ruleset_version},
                                               {"sequence", recorded.sequence},
                                               {"from", static_cast<std::int64_t>(document.size())}}});
        const auto answer = ask_daemon(control_socket, question.value(), why);
        const auto page = answer ? read_answer(*answer, why) : std::nullopt;
        if (!page) {
            return Failure{why.str()};
        }
        const auto* part = page->find("envelope");
        const auto* text = part == nullptr ? nullptr : part->get<std::string>();
        if (text == nullptr || text->empty()) {
            return Failure{std::string{"the daemon gives only a part of its ruleset"}};
        }
        document += *text;
        if (static_cast<std::int64_t>(document.size()) >= number_in(*page, "bytes").value_or(0)) {
            return document;
        }
    }
}

/// What the gate has left under this key.
std::optional<Value> own_note(store::Journal& journal, std::string_view key) {
    for (const auto& note : journal.start().notes) {
        if (note.lane == LaneName{} && note.key == key && note.body) {
            const auto value = codec::parse_value(*note.body, gate::note_limits);
            return value ? std::optional{*value} : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<gate::RulesetShelf> shelf_of(store::Journal& journal) {
    const auto note = own_note(journal, gate::RulesetDesk::note_key);
    return note ? gate::RulesetShelf::read(*note) : std::nullopt;
}

Result<std::optional<Value>, std::string> policies_of(const JournalPlace& place) {
    if (place.state.empty()) {
        std::ostringstream why;
        const auto answer = ask_daemon(place.control_socket, R"({"ask":"policies"})", why);
        const auto note = answer ? read_answer(*answer, why) : std::nullopt;
        return note ? Result<std::optional<Value>, std::string>{std::optional{*note}} : Failure{why.str()};
    }
    auto journal = store::Journal::open_for_reading(place.state);
    if (!journal) {
        return Failure{journal.error().message};
    }
    return own_note(**journal, gate::PolicyShelf::note_key);
}

/// A gate without a ruleset decides by the rows of its policy file, and keeps those of earlier days.
Result<Ruleset, std::string> policy_of_verdict(const RecordedVerdict& recorded, const JournalPlace& place) {
    const auto note = policies_of(place);
    if (!note) {
        return Failure{note.error()};
    }
    const auto shelf = *note ? gate::PolicyShelf::read(**note) : std::nullopt;
    const auto* const policy = shelf ? shelf->of_verdict(recorded.sequence) : nullptr;
    if (policy == nullptr) {
        return Failure{std::string{
            "no ruleset decided it, and the policy file of that day is not kept here: name settings with that policy "
            "with --settings"}};
    }
    return supervision::policy_alone(*policy);
}

Document document_of_journal(const RecordedVerdict& recorded, const std::filesystem::path& state) {
    auto journal = store::Journal::open_for_reading(state);
    if (!journal) {
        return Failure{journal.error().message};
    }
    const auto shelf = shelf_of(**journal);
    const auto* shelved = shelf ? shelf->of_verdict(recorded.ruleset_version, recorded.sequence) : nullptr;
    if (shelved == nullptr) {
        return Failure{"ruleset " + std::to_string(recorded.ruleset_version) +
                       " is not kept here; name it with --ruleset"};
    }
    auto row = (*journal)->document({std::string{text_of(DocumentKind::ruleset)}, shelved->name});
    if (!row || !*row) {
        return Failure{row ? std::string{"the ruleset is not kept any more"} : row.error().message};
    }
    return std::move((**row).envelope);
}

/// 0: none acts.
Result<std::int64_t, std::string> acting_version(const JournalPlace& place) {
    if (place.state.empty()) {
        std::ostringstream why;
        const auto answer = ask_daemon(place.control_socket, R"({"ask":"status"})", why);
        const auto status = answer ? read_answer(*answer, why) : std::nullopt;
        const auto* const gate = status ? status->find("gate") : nullptr;
        const auto version = gate == nullptr ? std::nullopt : number_in(*gate, "ruleset_version");
        if (!version) {
            return Failure{why.str().empty() ? "the daemon does not say which ruleset acts" : why.str()};
        }
        return *version;
    }
    auto journal = store::Journal::open_for_reading(place.state);
    if (!journal) {
        return Failure{journal.error().message};
    }
    const auto shelf = shelf_of(**journal);
    return shelf && shelf->active() ? shelf->active()->version : 0;
}

Document document_of(const RecordedVerdict& recorded, const JournalPlace& place, const RulesetPlaces& places) {
    if (!places.file.empty()) {
        return document_in(places.file);
    }
    return place.state.empty() ? document_of_daemon(recorded, place.control_socket)
                               : document_of_journal(recorded, place.state);
}

}  // namespace

Result<Ruleset, std::string> ruleset_of(const RecordedVerdict& recorded, const JournalPlace& place,
                                        const RulesetPlaces& places) {
    if (recorded.ruleset_version == 0) {
        return places.settings.empty() ? policy_of_verdict(recorded, place) : policy_in_settings(places);
    }
    const auto text = document_of(recorded, place, places);
    if (!text) {
        return Failure{text.error()};
    }
    auto document = read_any_ruleset(*text);
    if (!document) {
        return Failure{"its ruleset cannot be read: " + document.error().message()};
    }
    if (document->ruleset.version != recorded.ruleset_version) {
        return Failure{"that is ruleset " + std::to_string(document->ruleset.version) + ", and it was decided by " +
                       std::to_string(recorded.ruleset_version)};
    }
    return std::move(document->ruleset);
}

Result<Ruleset, std::string> acting_ruleset(const JournalPlace& place, const RulesetPlaces& places) {
    const auto version = acting_version(place);
    if (!version) {
        return Failure{version.error()};
    }
    RecordedVerdict next;
    next.sequence = behind_every_event;
    next.ruleset_version = *version;
    return ruleset_of(next, place, places);
}

}  // namespace portcullis::cli
