#include "supervision/compiled_ruleset.hpp"

#include <algorithm>
#include <utility>

#include "supervision/predicates.hpp"

namespace portcullis::supervision {
namespace {

bool takes_prefixes(PredicateKind kind) {
    return kind == PredicateKind::hs || kind == PredicateKind::last_port || kind == PredicateKind::container_prefix ||
           kind == PredicateKind::size_type || kind == PredicateKind::imdg;
}

}  // namespace

std::vector<std::string_view> sorted_texts(const Predicate& predicate) {
    std::vector<std::string_view> texts{predicate.texts.begin(), predicate.texts.end()};
    std::sort(texts.begin(), texts.end());
    if (takes_prefixes(predicate.kind)) {
        // Sorted, all that a prefix covers stand right behind it.
        const auto covers = [](std::string_view prefix, std::string_view text) { return text.starts_with(prefix); };
        texts.erase(std::unique(texts.begin(), texts.end(), covers), texts.end());
    }
    return texts;
}

CompiledPredicate compiled(const Predicate& predicate, std::span<const std::string_view> texts) {
    CompiledPredicate compiled;
    compiled.kind = predicate.kind;
    compiled.words = predicate_row(predicate.kind).words(predicate.texts);
    compiled.texts = texts;
    compiled.at_least = predicate.at_least.value_or(compiled.at_least);
    compiled.at_most = predicate.at_most.value_or(compiled.at_most);
    compiled.within = predicate.within.value_or(compiled.within);
    compiled.from = predicate.from.value_or(compiled.from);
    compiled.to = predicate.to.value_or(compiled.to);
    compiled.name = predicate.name;
    return compiled;
}

CompiledRuleset::CompiledRuleset(Ruleset ruleset) : ruleset_(std::move(ruleset)) {
    compile_predicates();
    rules_.reserve(ruleset_.rules.size());
    std::uint32_t first_predicate = 0;
    for (const auto& rule : ruleset_.rules) {
        compile_rule(rule, first_predicate);
        first_predicate += static_cast<std::uint32_t>(rule.predicates.size());
    }
}

void CompiledRuleset::compile_predicates() {
    for (const auto& rule : ruleset_.rules) {
        for (const auto& predicate : rule.predicates) {
            texts_.push_back(sorted_texts(predicate));
        }
    }
    std::size_t next = 0;
    predicates_.reserve(texts_.size());
    for (const auto& rule : ruleset_.rules) {
        for (const auto& predicate : rule.predicates) {
            predicates_.push_back(compiled(predicate, texts_.at(next)));
            ++next;
        }
    }
}

void CompiledRuleset::compile_rule(const Rule& rule, std::uint32_t first_predicate) {
    CompiledRule compiled;
    compiled.rule = &rule;
    for (const auto movement : rule.movements) {
        compiled.movements |= std::uint64_t{1} << static_cast<unsigned>(movement);
    }
    compiled.predicates = std::span{predicates_}.subspan(first_predicate, rule.predicates.size());
    compiled.first_node = static_cast<std::uint32_t>(nodes_.size());
    if (!rule.condition.empty()) {
        compile_node(rule, 0, first_predicate);
    }
    compiled.nodes = static_cast<std::uint32_t>(nodes_.size()) - compiled.first_node;
    compiled.key = "rule:" + rule.id;
    rules_.push_back(std::move(compiled));
}

/// Appends the subtree at `at` of the rule's condition; answers where the next one begins.
std::uint32_t CompiledRuleset::compile_node(const Rule& rule, std::uint32_t at, std::uint32_t first_predicate) {
    const auto here = nodes_.size();
    nodes_.push_back({Join::predicate, 0, not_there, static_cast<std::uint32_t>(here) + 1});
    if (at >= rule.condition.size()) {
        return at;
    }
    const auto& node = rule.condition[at];
    auto next = at + 1;
    if (node.join == Join::predicate) {
        if (node.predicate < rule.predicates.size()) {
            nodes_[here].predicate = first_predicate + node.predicate;
        }
        return next;
    }
    nodes_[here].join = node.join;
    nodes_[here].parts = node.join == Join::negation ? 1 : node.parts;
    for (std::uint32_t part = 0; part < nodes_[here].parts; ++part) {
        const bool there = next < rule.condition.size();
        next = compile_node(rule, next, first_predicate);
        if (!there) {
            nodes_[here].parts = part + 1;
        }
    }
    nodes_[here].after = static_cast<std::uint32_t>(nodes_.size());
    return next;
}

Ruleset policy_alone(Policy policy) {
    Ruleset ruleset;
    ruleset.policy = std::move(policy);
    return ruleset;
}

}  // namespace portcullis::supervision
