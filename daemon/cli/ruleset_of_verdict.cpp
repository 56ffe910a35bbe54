#include "cli/ruleset_of_verdict.hpp"

#include "cli/explain/explained_passage.hpp"
#include "cli/explain/text_file.hpp"
#include "gate/load_plan.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::cli {
namespace {

/// A gate without a ruleset decides by the rows of its policy file, as they stand there now.
Result<Ruleset, std::string> policy_of(const RulesetPlaces& places) {
    const auto loaded = gate::load_plan(places.settings, places.profiles);
    if (!loaded.plan) {
        return Failure{places.settings.string() + " is not good: its policy decided; name the settings with --settings"};
    }
    return supervision::policy_alone(loaded.plan->policy);
}

Result<Ruleset, std::string> ruleset_in(const std::filesystem::path& file, std::int64_t version) {
    const auto text = bytes_of(file, most_ruleset_file_bytes);
    if (!text) {
        return Failure{file.string() + ": cannot be read, is empty, or is too large"};
    }
    auto document = read_any_ruleset(*text);
    if (!document) {
        return Failure{file.string() + ": " + document.error().message()};
    }
    if (document->ruleset.version != version) {
        return Failure{file.string() + " is version " + std::to_string(document->ruleset.version) +
                       ", and it was decided by " + std::to_string(version)};
    }
    return std::move(document->ruleset);
}

}  // namespace

Result<Ruleset, std::string> ruleset_of(const RecordedVerdict& recorded, const JournalPlace& /*place*/,
                                        const RulesetPlaces& places) {
    if (recorded.ruleset_version == 0) {
        return policy_of(places);
    }
    if (!places.file.empty()) {
        return ruleset_in(places.file, recorded.ruleset_version);
    }
    return Failure{"it was decided by ruleset " + std::to_string(recorded.ruleset_version) + "; name it with --ruleset"};
}

}  // namespace portcullis::cli
