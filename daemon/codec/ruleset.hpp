#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/result.hpp"
#include "core/ruleset_case.hpp"

namespace portcullis::codec {

inline constexpr std::string_view ruleset_kind = "ruleset";
inline constexpr std::size_t most_ruleset_bytes = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t most_rules = 10'000;
inline constexpr std::size_t most_enterprises = 200'000;
inline constexpr std::size_t most_cases = 1'000;

/// Reads the payload of a ruleset (docs/ruleset.md). The first thing that is wrong anywhere refuses all of it.
[[nodiscard]] Result<RulesetDocument, Refusal> read_ruleset(std::string_view payload);

/// Everything that is wrong with such a payload, at most `most` things: for people who write one.
[[nodiscard]] std::vector<Refusal> ruleset_refusals(std::string_view payload, std::size_t most);

/// The payload as canonical JSON, with every default written out.
[[nodiscard]] std::string write_ruleset(const RulesetDocument& document);

}  // namespace portcullis::codec
