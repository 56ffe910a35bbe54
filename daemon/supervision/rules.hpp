#pragma once

#include <span>
#include <vector>

#include "supervision/compiled_ruleset.hpp"
#include "supervision/subject.hpp"

/// Whether rules match (docs/ruleset.md, rules).
namespace portcullis::supervision {

/// Whether the clock stands within a rule's validity, ends included; unknown only inside the clock's error band.
[[nodiscard]] Tristate in_force(const Rule& rule, const DecisionBasis& basis);

/// Whether it is for this movement; one that is not known may be any.
[[nodiscard]] Tristate is_for(const CompiledRule& rule, Movement movement);

/// What the rule's condition says of one declaration. Allocates nothing.
[[nodiscard]] Tristate condition_holds(const CompiledRuleset& ruleset, const CompiledRule& rule,
                                       const Subject& subject);

/// Movement, condition over any of the box's declarations, and draw together; the rule is in force as `force` says.
[[nodiscard]] Tristate matches(const CompiledRuleset& ruleset, const CompiledRule& rule, Tristate force,
                               std::span<const Subject> box);

}  // namespace portcullis::supervision
