#pragma once

#include <string_view>
#include <vector>

#include "core/verdict.hpp"

namespace portcullis::supervision {

/// What one predicate of a table found. `missing` names the fact that would have been needed, or is empty.
struct Finding {
    ReasonCode code = ReasonCode::policy_hold;
    ReasonKind kind = ReasonKind::policy;
    VerdictOutcome outcome = VerdictOutcome::hold;
    Tristate result = Tristate::yes;
    std::string_view missing = {};
};

using Findings = std::vector<Finding>;

}  // namespace portcullis::supervision
