#pragma once

#include <string_view>
#include <vector>

#include "core/measures.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"
#include "supervision/declared.hpp"

/// 抽检: what the draw makes of one box. The draw itself comes in as a fact (docs/ruleset.md, sampling).
namespace portcullis::supervision {

/// What `purpose` drew for this box, held against a rate: `yes` = drawn; unknown without a ticket.
[[nodiscard]] Tristate drawn_at(const BoxMeasures* box, std::string_view purpose, std::int64_t rate_ppm);

/// Puts enterprise, class, goods group, rate, eligibility and outcome into `verdict`, whose movement stands already.
/// The enterprise is that of the declaration that has the highest rate. A zone result that answers the draw is not
/// asked yet.
void judge_sampling(const Ruleset& ruleset, const std::vector<Declared>& declared, const BoxMeasures* box, WallTime now,
                    BoxVerdict& verdict);

[[nodiscard]] constexpr bool is_drawn(SamplingOutcome outcome) {
    return outcome == SamplingOutcome::central_drawn || outcome == SamplingOutcome::gate_drawn;
}

}  // namespace portcullis::supervision
