#pragma once

#include "core/ruleset.hpp"
#include "gate/trust_desk.hpp"

namespace portcullis::gate {

/// What a ruleset changes against the one before it: `none` of them, or the one that acted. For people who read the
/// journal; a diff of the documents says it exactly.
[[nodiscard]] DocumentChanges changes_between(const Ruleset* before, const Ruleset& after);

}  // namespace portcullis::gate
