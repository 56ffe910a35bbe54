#include "cli/ruleset_of_verdict.hpp"

#include <optional>
#include <sstream>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "cli/explain/explained_passage.hpp"
#include "cli/explain/text_file.hpp"
#include "codec/canonical.hpp"
#include "core/documents.hpp"
#include "gate/load_plan.hpp"
#include "gate/ruleset_desk.hpp"
#include "gate/ruleset_shelf.hpp"
#include "store/journal.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::cli {
namespace {

constexpr std::size_t most_note_bytes = std::size_t{1} * 1024 * 1024;

/// A gate without a ruleset decides by the rows of its policy file, as they stand there now.
Result<Ruleset, std::string> policy_of(const RulesetPlaces& places) {
    const auto loaded = gate::load_plan(places.settings, places.profiles);
    if (!loaded.plan) {
        return Failure{places.settings.string() +
                       " is not good: its policy decided; name the settings with --settings"};
    }
    return supervision::policy_alone(loaded.plan->policy);
}

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

std::optional<gate::RulesetShelf> shelf_of(store::Journal& journal) {
    for (const auto& note : journal.start().notes) {
        if (note.lane == LaneName{} && note.key == gate::RulesetDesk::note_key && note.body) {
            const auto value = codec::parse_value(*note.body, {most_note_bytes, 32});
            return value ? gate::RulesetShelf::read(*value) : std::nullopt;
        }
    }
    return std::nullopt;
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
        return policy_of(places);
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

}  // namespace portcullis::cli
