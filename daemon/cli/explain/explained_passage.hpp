#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "codec/facts.hpp"
#include "codec/ruleset.hpp"
#include "core/verdict.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "supervision/explain.hpp"

namespace portcullis::cli {

/// Base64 makes four of three; the rest is for the signatures.
inline constexpr std::size_t most_ruleset_file_bytes = codec::most_ruleset_bytes / 3 * 4 + std::size_t{64} * 1024;

/// A ruleset as people have it in a file: its payload, or the signed document around it, whose signatures are not
/// checked.
[[nodiscard]] Result<RulesetDocument, codec::Refusal> read_any_ruleset(std::string_view text);

/// Takes out what nobody may learn about a box that has no decided passage: its draws, and who is looking for it.
void withhold(codec::StatedPassage& passage);

/// A passage decided by a ruleset, with what every rule said.
class ExplainedPassage {
public:
    ExplainedPassage(supervision::CompiledRuleset ruleset, const codec::StatedPassage& passage);
    // The rules point into the ruleset, which looks into itself.
    ExplainedPassage(const ExplainedPassage&) = delete;
    ExplainedPassage& operator=(const ExplainedPassage&) = delete;
    ExplainedPassage(ExplainedPassage&&) = delete;
    ExplainedPassage& operator=(ExplainedPassage&&) = delete;
    ~ExplainedPassage() = default;

    [[nodiscard]] const Verdict& verdict() const { return verdict_; }
    [[nodiscard]] const std::vector<supervision::RuleExplained>& rules() const { return rules_; }
    /// They point into the passage that it was made of.
    [[nodiscard]] const std::vector<supervision::PassExplained>& passes() const { return passes_; }

private:
    supervision::CompiledRuleset ruleset_;
    Verdict verdict_;
    std::vector<supervision::RuleExplained> rules_;
    std::vector<supervision::PassExplained> passes_;
};

}  // namespace portcullis::cli
