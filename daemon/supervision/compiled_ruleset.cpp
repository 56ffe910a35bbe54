#include "supervision/compiled_ruleset.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "supervision/predicates.hpp"

namespace portcullis::supervision {
namespace {

bool takes_prefixes(PredicateKind kind) {
    return kind == PredicateKind::hs || kind == PredicateKind::last_port || kind == PredicateKind::container_prefix ||
           kind == PredicateKind::size_type || kind == PredicateKind::imdg;
}

/// What asking it costs, roughly: a list is as dear as it is long, and of codes there may be many.
std::size_t cost_of(const CompiledPredicate& predicate) {
    return predicate.words != 0 ? 1 : 1 + predicate.texts.size() * (predicate.kind == PredicateKind::hs ? 4 : 1);
}

/// Two predicates that ask the same have the same wording.
std::string wording_of(const Predicate& predicate) {
    const auto end = [](const auto& value) { return value ? std::to_string(*value) : std::string{"-"}; };
    const auto time = [](const std::optional<WallTime>& value) {
        return value ? std::to_string(value->time_since_epoch().count()) : std::string{"-"};
    };
    auto wording = std::string{text_of(predicate.kind)} + '\n' + predicate.name + '\n' + end(predicate.at_least) +
                   '\n' + end(predicate.at_most) + '\n' +
                   (predicate.within ? std::to_string(predicate.within->count()) : std::string{"-"}) + '\n' +
                   time(predicate.from) + '\n' + time(predicate.to);
    for (const auto& text : predicate.texts) {
        wording += '\n' + std::to_string(text.size()) + ' ' + text;
    }
    return wording;
}

}  // namespace

std::vector<CompiledText> sorted_texts(const Predicate& predicate) {
    std::vector<CompiledText> texts;
    for (const auto& text : predicate.texts) {
        texts.push_back({text, head_of(text), mask_of(text)});
    }
    std::ranges::sort(texts, {}, &CompiledText::text);
    if (takes_prefixes(predicate.kind)) {
        // Sorted, all that a prefix covers stand right behind it.
        const auto covers = [](const CompiledText& prefix, const CompiledText& one) {
            return one.text.starts_with(prefix.text);
        };
        texts.erase(std::unique(texts.begin(), texts.end(), covers), texts.end());
    }
    return texts;
}

CompiledPredicate compiled(const Predicate& predicate, std::span<const CompiledText> texts) {
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
    auto places = place_predicates();
    rules_.reserve(ruleset_.rules.size());
    glances_.reserve(ruleset_.rules.size());
    for (std::size_t i = 0; i < ruleset_.rules.size(); ++i) {
        compile_rule(ruleset_.rules[i], std::move(places[i]));
    }
}

/// Of each rule, where its predicates stand among the ruleset's.
std::vector<std::vector<std::uint32_t>> CompiledRuleset::place_predicates() {
    std::unordered_map<std::string, std::uint32_t> known;
    std::vector<const Predicate*> different;
    std::vector<std::vector<std::uint32_t>> places;
    for (const auto& rule : ruleset_.rules) {
        auto& own = places.emplace_back();
        for (const auto& predicate : rule.predicates) {
            const auto next = static_cast<std::uint32_t>(different.size());
            const auto [place, is_new] = known.try_emplace(wording_of(predicate), next);
            if (is_new) {
                different.push_back(&predicate);
            }
            own.push_back(place->second);
        }
    }
    std::vector<std::size_t> counts;
    for (const auto* predicate : different) {
        const auto texts = sorted_texts(*predicate);
        texts_.insert(texts_.end(), texts.begin(), texts.end());
        counts.push_back(texts.size());
    }
    predicates_.reserve(different.size());
    std::span<const CompiledText> rest{texts_};
    for (std::size_t i = 0; i < different.size(); ++i) {
        predicates_.push_back(compiled(*different[i], rest.first(counts[i])));
        rest = rest.subspan(counts[i]);
    }
    return places;
}

void CompiledRuleset::compile_rule(const Rule& rule, std::vector<std::uint32_t> predicates) {
    CompiledRule compiled;
    compiled.rule = &rule;
    for (const auto movement : rule.movements) {
        compiled.movements |= bit_of(movement);
    }
    compiled.first_node = static_cast<std::uint32_t>(nodes_.size());
    if (!rule.condition.empty()) {
        compile_node(rule, 0, predicates);
    }
    compiled.nodes = static_cast<std::uint32_t>(nodes_.size()) - compiled.first_node;
    compiled.predicates = std::move(predicates);
    compile_conjunction(compiled);
    compiled.key = "rule:" + rule.id;
    add_glance(compiled);
    rules_.push_back(std::move(compiled));
}

/// Of a rule that is not in force a note is left, which no glance leaves.
void CompiledRuleset::add_glance(const CompiledRule& rule) {
    RuleGlance glance;
    glance.movements = rule.movements != 0 ? rule.movements : ~std::uint64_t{0};
    if (!rule.rule->valid_from && !rule.rule->valid_to) {
        glance.first_conjunct = rule.first_conjunct;
        glance.conjuncts = rule.conjuncts;
    }
    glances_.push_back(glance);
}

/// Of a condition that is one `all` of predicates alone.
void CompiledRuleset::compile_conjunction(CompiledRule& rule) {
    const auto nodes = std::span{nodes_}.subspan(rule.first_node, rule.nodes);
    const auto is_known = [](const CompiledNode& node) {
        return node.join == Join::predicate && node.predicate != not_there;
    };
    if (nodes.size() < 2 || nodes.front().join != Join::all || !std::ranges::all_of(nodes.subspan(1), is_known)) {
        return;
    }
    rule.first_conjunct = static_cast<std::uint32_t>(conjuncts_.size());
    rule.conjuncts = static_cast<std::uint32_t>(nodes.size() - 1);
    for (const auto& node : nodes.subspan(1)) {
        conjuncts_.push_back(node.predicate);
    }
    std::stable_sort(conjuncts_.begin() + rule.first_conjunct, conjuncts_.end(),
                     [&](std::uint32_t left, std::uint32_t right) {
                         return cost_of(predicates_[left]) < cost_of(predicates_[right]);
                     });
}

/// Appends the subtree at `at` of the rule's condition; answers where the next one begins.
// NOLINTNEXTLINE(misc-no-recursion): a document's depth is bounded where it is read
std::uint32_t CompiledRuleset::compile_node(const Rule& rule, std::uint32_t at,
                                            const std::vector<std::uint32_t>& predicates) {
    const auto here = nodes_.size();
    nodes_.push_back({Join::predicate, 0, not_there, static_cast<std::uint32_t>(here) + 1});
    if (at >= rule.condition.size()) {
        return at;
    }
    const auto& node = rule.condition[at];
    auto next = at + 1;
    if (node.join == Join::predicate) {
        if (node.predicate < predicates.size()) {
            nodes_[here].predicate = predicates[node.predicate];
        }
        return next;
    }
    nodes_[here].join = node.join;
    nodes_[here].parts = node.join == Join::negation ? 1 : node.parts;
    for (std::uint32_t part = 0; part < nodes_[here].parts; ++part) {
        const bool there = next < rule.condition.size();
        next = compile_node(rule, next, predicates);
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
