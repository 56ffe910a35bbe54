#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "codec/ruleset.hpp"
#include "core/documents.hpp"
#include "core/hash256.hpp"
#include "core/result.hpp"
#include "gate/document_taker.hpp"
#include "gate/ruleset_shelf.hpp"
#include "gate/trust_desk.hpp"
#include "store/journal.hpp"
#include "store/quarantine.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "trust/floors.hpp"

/// From the bytes of a ruleset to what decides. Takes up to a second: on a worker, or before the gate is up.
namespace portcullis::gate {

/// A ruleset in the form that decides. Whoever judges a passage by it holds it.
struct LoadedRuleset {
    std::string name;  ///< on the shelf
    Hash256 hash{};    ///< of the payload
    supervision::CompiledRuleset compiled;

    [[nodiscard]] const Ruleset& ruleset() const { return compiled.ruleset(); }
};
using LoadedRulesetPtr = std::shared_ptr<const LoadedRuleset>;

inline constexpr std::size_t most_ruleset_envelope_bytes = envelope_bytes(codec::most_ruleset_bytes);

/// A ruleset as it came in, once it has passed its cases.
struct TriedRuleset {
    supervision::CompiledRuleset compiled;
    DocumentChanges changes;  ///< against the one that acted when it was read
};

[[nodiscard]] DocumentHead head_of(const Ruleset& ruleset);
/// Decides the cases of the document; the first that differs is the refusal.
[[nodiscard]] Result<TriedRuleset, codec::Refusal> try_ruleset(RulesetDocument document,
                                                               const LoadedRulesetPtr& before);

/// The ruleset of a row that this gate stored itself, or why it may not act: its bytes are others than the
/// shelf says, or the floors say that it must never be taken again.
[[nodiscard]] Result<LoadedRulesetPtr, codec::Refusal> read_back(const std::optional<store::DocumentRow>& row,
                                                                 const ShelvedRuleset& shelved,
                                                                 const trust::Floors& floors,
                                                                 store::Quarantine* quarantine);

}  // namespace portcullis::gate
