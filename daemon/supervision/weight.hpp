#pragma once

#include <cstdint>
#include <optional>

#include "core/facts.hpp"
#include "core/ruleset.hpp"

namespace portcullis::supervision {

/// What was weighed beside what is declared (docs/ruleset.md, weights).
struct WeightJudgement {
    std::optional<std::int64_t> delta_kg;  ///< weighed less declared
    Tristate beyond = Tristate::unknown;   ///< the tolerance, whichever way
};

/// Of the whole vehicle: its boxes are weighed together.
[[nodiscard]] WeightJudgement judge_weight(const WeightTolerance& tolerance, const PassageFacts& facts,
                                           const std::vector<FoundOrder>& orders, const DecisionBasis& basis);

}  // namespace portcullis::supervision
