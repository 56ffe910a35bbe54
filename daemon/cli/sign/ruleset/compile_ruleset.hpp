#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"
#include "core/ruleset_case.hpp"

namespace portcullis::sign {

/// A ruleset that people wrote, as the document that gates read.
struct CompiledDocument {
    RulesetDocument document;
    std::string payload;  ///< canonical JSON
};

/// Compiles the YAML of a ruleset (docs/ruleset.md), checks it as a gate does, and runs its cases. Nothing, and every
/// problem at its place, when something is wrong. `name` is how messages call the file.
[[nodiscard]] std::optional<CompiledDocument> compile_ruleset(std::string_view text, const std::string& name,
                                                              ConfigProblems& problems);

/// What it is, in lines for people: head, classes, sampling, every rule.
[[nodiscard]] std::string explained(const RulesetDocument& document);

}  // namespace portcullis::sign
