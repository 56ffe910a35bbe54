#pragma once

#include <vector>

#include "core/value.hpp"
#include "core/verdict.hpp"
#include "supervision/explain.hpp"

/// Verdicts and rules as data that is printed, or compared with another evaluator's (docs/central/evaluate.py).
namespace portcullis::cli {

/// What a verdict decides, without what only describes it.
[[nodiscard]] Value verdict_value(const Verdict& verdict);

/// Each rule over each box, with each predicate and the value that it saw.
[[nodiscard]] Value passes_value(const std::vector<supervision::PassExplained>& passes);
[[nodiscard]] Value rules_value(const std::vector<supervision::RuleExplained>& rules);

/// `true`, `false` or `unknown`, as in events.
[[nodiscard]] std::string_view truth_word(Tristate value);

/// What a predicate asks, in words: `gross_kg at least 20000`.
[[nodiscard]] std::string asked_by(const Predicate& predicate);

}  // namespace portcullis::cli
