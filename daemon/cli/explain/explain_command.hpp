#pragma once

#include <filesystem>
#include <iosfwd>

#include "core/ruleset.hpp"

namespace portcullis::cli {

struct ExplainOptions {
    std::filesystem::path facts;    ///< docs/central/facts.schema.json
    std::filesystem::path ruleset;  ///< a payload, or a signed document
    bool json = false;
};

/// Decides facts that stand in a file, and says why, rule by rule. They are of no decided passage: draws are withheld,
/// and targeting is not looked up (design: no tipping off). 0, or 1 and why on `errors`.
[[nodiscard]] int explain_facts(const ExplainOptions& options, std::ostream& out, std::ostream& errors);
/// The same by a ruleset that does not come from a file.
[[nodiscard]] int explain_facts(const ExplainOptions& options, const Ruleset& ruleset, std::ostream& out,
                                std::ostream& errors);

}  // namespace portcullis::cli
