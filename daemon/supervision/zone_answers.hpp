#pragma once

#include <string_view>

#include "core/facts.hpp"
#include "core/measures.hpp"
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

/// What the result itself holds: `treat` and `fail`, until a newer result says otherwise.
[[nodiscard]] std::optional<Finding> result_finding(const BoxMeasures* box);

/// Where it would answer something and cannot, for its seals.
[[nodiscard]] Finding seal_finding(const BoxMeasures& box);

}  // namespace portcullis::supervision
