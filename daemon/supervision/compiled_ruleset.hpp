#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ruleset.hpp"

namespace portcullis::supervision {

/// A text of a predicate. Most comparisons end at its first eight bytes, which stand beside each other for all texts.
struct CompiledText {
    std::string_view text;
    std::uint64_t head = 0;  ///< see head_of
    std::uint64_t mask = 0;  ///< see mask_of
};

/// The first eight bytes in one word, with zeros behind a shorter text.
[[nodiscard]] inline std::uint64_t head_of(std::string_view text) {
    std::array<char, sizeof(std::uint64_t)> bytes{};
    if (text.size() >= bytes.size()) {
        std::copy_n(text.data(), bytes.size(), bytes.begin());
    } else {
        std::copy(text.begin(), text.end(), bytes.begin());
    }
    return std::bit_cast<std::uint64_t>(bytes);
}

/// Ones where `head_of` has bytes of the text.
[[nodiscard]] inline std::uint64_t mask_of(std::string_view text) {
    constexpr std::string_view ones{"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"};
    return head_of(ones.substr(0, text.size()));
}

/// A predicate in the form that a decision runs over. It looks into the `Predicate` that it was made of.
struct CompiledPredicate {
    PredicateKind kind = PredicateKind::way;
    std::uint64_t words = 0;              ///< of an enum's values, those that are named, one bit each
    std::span<const CompiledText> texts;  ///< sorted; of prefixes none that another one covers
    std::int64_t at_least = std::numeric_limits<std::int64_t>::min();
    std::int64_t at_most = std::numeric_limits<std::int64_t>::max();
    std::chrono::hours within{};  ///< zero: as far back as is known
    WallTime from = WallTime::min();
    WallTime to = WallTime::max();
    std::string_view name;
};

/// The texts of a predicate as `CompiledPredicate::texts` wants them.
[[nodiscard]] std::vector<CompiledText> sorted_texts(const Predicate& predicate);

/// `texts`: what sorted_texts() said, kept by the caller for as long as the result.
[[nodiscard]] CompiledPredicate compiled(const Predicate& predicate, std::span<const CompiledText> texts);

/// In a condition that is no whole tree: what is missing is unknown.
inline constexpr auto not_there = std::numeric_limits<std::uint32_t>::max();

struct CompiledNode {
    Join join = Join::all;
    std::uint32_t parts = 0;
    std::uint32_t predicate = 0;  ///< place among all predicates of the ruleset
    std::uint32_t after = 0;      ///< place among all nodes, behind this subtree
};

struct CompiledRule {
    const Rule* rule = nullptr;
    std::uint64_t movements = 0;            ///< one bit each; none: all
    std::vector<std::uint32_t> predicates;  ///< places among all predicates of the ruleset
    std::uint32_t first_node = 0;
    std::uint32_t nodes = 0;  ///< none: matches
    /// Most conditions are `all` of some predicates: where these stand, the cheap ones first; none: walk the nodes.
    std::uint32_t first_conjunct = 0;
    std::uint32_t conjuncts = 0;
    std::string key;  ///< `rule:<id>`: names its draw, and what a zone result answers
};

/// What shows that a rule does not match, for all rules side by side: of most rules a decision looks at nothing else.
struct RuleGlance {
    std::uint64_t movements = 0;       ///< one bit each, all of them where the rule names none
    std::uint32_t first_conjunct = 0;  ///< as in CompiledRule
    std::uint32_t conjuncts = 0;  ///< none: a glance does not show it, such as for a rule that is not always in force
};

/// A ruleset in the form that a decision runs over: made once, when a document is activated. A rule's condition that
/// is no whole tree is unknown; the codec lets none in. Rules that ask the same share one predicate.
class CompiledRuleset {
public:
    explicit CompiledRuleset(Ruleset ruleset);
    // It looks into itself: what moves keeps its buffers, a copy would not.
    CompiledRuleset(CompiledRuleset&&) = default;
    CompiledRuleset& operator=(CompiledRuleset&&) = default;
    CompiledRuleset(const CompiledRuleset&) = delete;
    CompiledRuleset& operator=(const CompiledRuleset&) = delete;
    ~CompiledRuleset() = default;

    [[nodiscard]] const Ruleset& ruleset() const { return ruleset_; }
    [[nodiscard]] std::span<const CompiledRule> rules() const { return rules_; }
    /// One for each rule, in their order.
    [[nodiscard]] std::span<const RuleGlance> glances() const { return glances_; }
    [[nodiscard]] std::span<const CompiledNode> nodes() const { return nodes_; }
    [[nodiscard]] std::span<const CompiledPredicate> predicates() const { return predicates_; }
    /// Places among the predicates.
    [[nodiscard]] std::span<const std::uint32_t> conjuncts() const { return conjuncts_; }

private:
    std::vector<std::vector<std::uint32_t>> place_predicates();
    void compile_rule(const Rule& rule, std::vector<std::uint32_t> predicates);
    void compile_conjunction(CompiledRule& rule);
    void add_glance(const CompiledRule& rule);
    std::uint32_t compile_node(const Rule& rule, std::uint32_t at, const std::vector<std::uint32_t>& predicates);

    Ruleset ruleset_;
    std::vector<CompiledText> texts_;
    std::vector<CompiledPredicate> predicates_;
    std::vector<CompiledNode> nodes_;
    std::vector<std::uint32_t> conjuncts_;
    std::vector<CompiledRule> rules_;
    std::vector<RuleGlance> glances_;
};

/// What a gate decides by that has no ruleset, only the rows of its `policy:` file: version 0, no rule, no ladder.
[[nodiscard]] Ruleset policy_alone(Policy policy);

}  // namespace portcullis::supervision
