#include "gate/ruleset_reading.hpp"

#include <utility>

#include "gate/document_gate.hpp"
#include "gate/guarded_reading.hpp"
#include "gate/ruleset_changes.hpp"
#include "supervision/cases.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

/// What the floors have against a ruleset that was taken earlier, or nothing.
std::optional<std::string> floor_refusal(const trust::Floors& floors, const ShelvedRuleset& shelved, WallTime issued) {
    const auto floor = floors.taken.find({DocumentKind::ruleset, {}});
    if (floor == floors.taken.end() || floor->second.mark.version == 0) {
        return "no ruleset was taken by the keys that count now";
    }
    const auto& [mark, not_before] = floor->second;
    if (shelved.version > mark.version || (shelved.version == mark.version && shelved.hash != mark.hash)) {
        return "it is not the one that was taken";
    }
    if (not_before && issued < *not_before) {
        return "it was issued before its keys were replaced";
    }
    return std::nullopt;
}

}  // namespace

DocumentHead head_of(const Ruleset& ruleset) {
    return {ruleset.terminal, ruleset.gates, ruleset.version, ruleset.issued,
            ruleset.expires.value_or(WallTime::max())};
}

Result<TriedRuleset, codec::Refusal> try_ruleset(RulesetDocument document, const LoadedRulesetPtr& before) {
    supervision::CompiledRuleset compiled{std::move(document.ruleset)};
    const auto differences = supervision::run_cases(compiled, document.cases);
    if (!differences.empty()) {
        const auto& first = differences.front();
        return Failure{codec::Refusal{codec::RefusalCause::cases, "/cases",
                                      "case " + first.id + ": " + first.what + " is " + first.found + ", not " +
                                          first.expected + "; " + std::to_string(differences.size()) + " differ"}};
    }
    auto changes = changes_between(before ? &before->ruleset() : nullptr, compiled.ruleset());
    return TriedRuleset{std::move(compiled), std::move(changes)};
}

Result<LoadedRulesetPtr, codec::Refusal> read_back(const std::optional<store::DocumentRow>& row,
                                                   const ShelvedRuleset& shelved, const trust::Floors& floors,
                                                   store::Quarantine* quarantine) {
    if (!row) {
        return Failure{codec::Refusal{codec::RefusalCause::parse, "", "it is gone"}};
    }
    auto read = read_guarded(
        quarantine, row->envelope, text_of(DocumentKind::ruleset), [&]() -> Result<RulesetDocument, DocumentRefused> {
            auto sealed = read_sealed(row->envelope, text_of(DocumentKind::ruleset), most_ruleset_envelope_bytes);
            if (!sealed) {
                return Failure{sealed.error()};
            }
            const auto refuse = [&](const codec::Refusal& refusal) {
                return Failure{refused_document(row->envelope, text_of(DocumentKind::ruleset), refusal)};
            };
            if (sealed->payload_hash != shelved.hash) {
                return refuse({codec::RefusalCause::chain, "", "its bytes are not those that were taken"});
            }
            auto document = codec::read_ruleset(sealed->payload);
            if (!document) {
                return refuse(document.error());
            }
            return std::move(document).value();
        });
    if (!read) {
        return Failure{codec::Refusal{read.error().cause, "", read.error().detail}};
    }
    auto& ruleset = read->ruleset;
    if (ruleset.version != shelved.version) {
        return Failure{codec::Refusal{codec::RefusalCause::version, "", "its version is not the one that was taken"}};
    }
    if (auto wrong = floor_refusal(floors, shelved, ruleset.issued)) {
        return Failure{codec::Refusal{codec::RefusalCause::version, "", std::move(*wrong)}};
    }
    return std::make_shared<const LoadedRuleset>(
        LoadedRuleset{shelved.name, shelved.hash, supervision::CompiledRuleset{std::move(ruleset)}});
}

}  // namespace portcullis::gate
