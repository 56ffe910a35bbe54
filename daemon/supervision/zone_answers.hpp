#pragma once

#include <string_view>
#include <vector>

#include "core/facts.hpp"
#include "core/measures.hpp"
#include "core/order.hpp"
#include "core/verdict.hpp"
#include "supervision/findings.hpp"

/// What the newest zone result of a box answers (docs/ruleset.md, inspection ends).
namespace portcullis::supervision {

/// Whether the box carries the seals that the result says it was given: unknown while none is read; `yes` where it
/// was given none.
[[nodiscard]] Tristate carries_new_seals(const BoxMeasures& box);

/// A `pass` that names `key` (`sampling`, `rule:<id>`, `order:<authority>:<order id>`) and has not answered it for an
/// earlier passage.
[[nodiscard]] bool names(const BoxMeasures* box, std::string_view key);

/// It names it, and the box carries the seals that it was given.
[[nodiscard]] bool answers(const BoxMeasures* box, std::string_view key);

/// Stands for an authority in the place of a result; none that signs orders.
inline constexpr std::string_view result_authority = "zone_result";

/// The place that a result's answer takes at a control point: it answers for one passage there.
[[nodiscard]] UsageKey answer_place(std::string_view result, const ContainerNumber& container,
                                    const ControlPoint& control_point);

/// Claims of a release for the results that it rests on.
[[nodiscard]] std::vector<UsageClaim> answer_claims(const std::vector<BoxVerdict>& boxes,
                                                    const ControlPoint& control_point);

/// What the result itself holds: `treat` and `fail`, until a newer result says otherwise.
[[nodiscard]] std::optional<Finding> result_finding(const BoxMeasures* box);

/// Where it would answer something and cannot, for its seals.
[[nodiscard]] Finding seal_finding(const BoxMeasures& box);

}  // namespace portcullis::supervision
