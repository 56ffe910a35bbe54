#include "supervision/explain.hpp"

#include <utility>

#include "supervision/passage_cases.hpp"
#include "supervision/predicates.hpp"
#include "supervision/rules.hpp"
#include "supervision/ruleset_checks.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::supervision {
namespace {

std::vector<PredicateExplained> seen_by(const CompiledRuleset& ruleset, const CompiledRule& rule, Answers& answers) {
    std::vector<PredicateExplained> explained;
    for (std::size_t i = 0; i < rule.predicates.size(); ++i) {
        const auto& predicate = ruleset.predicates()[rule.predicates[i]];
        const auto& row = predicate_row(predicate.kind);
        const bool no_box = row.about == About::box && answers.subject().box == nullptr;
        explained.push_back({&rule.rule->predicates[i], answers.of(rule.predicates[i]),
                             no_box ? "no box" : row.seen(predicate, answers.subject())});
    }
    return explained;
}

RuleExplained explained(const CompiledRuleset& ruleset, const CompiledRule& rule, const DecisionBasis& basis,
                        const BoxCase& box, std::vector<Answers>& answers) {
    RuleExplained one;
    one.rule = rule.rule;
    one.container = box.verdict().container;
    one.in_force = in_force(*rule.rule, basis);
    one.for_movement = is_for(rule, box.verdict().movement);
    one.result = matches(ruleset, rule, one.in_force, answers);
    one.answered =
        one.result != Tristate::no && rule.rule->answered_by_result && supervision::answers(box.measures(), rule.key);
    for (auto& declaration : answers) {
        one.declarations.push_back(seen_by(ruleset, rule, declaration));
    }
    return one;
}

}  // namespace

std::vector<PassExplained> explain_passes(const PassageFacts& facts, const DecisionBasis& basis) {
    std::vector<PassExplained> explained;
    if (facts.measures.passes) {
        for (const auto& known : facts.measures.passes->passes) {
            explained.push_back({&known.pass, state_of(known, facts, basis)});
        }
    }
    return explained;
}

std::vector<RuleExplained> explain_rules(const CompiledRuleset& ruleset, const PassageFacts& facts, OrdersFound found,
                                         const DecisionBasis& basis) {
    const bool nothing_to_say = !orders_known(found) && (found.failed || !facts.identity.containers.empty());
    if (nothing_to_say) {
        return {};
    }
    const auto orders = orders_about(facts, found);
    const auto weight = judge_weight(ruleset.ruleset().weight, facts, orders, basis);
    auto cases = cases_of(ruleset.ruleset(), facts, orders, basis, weight);
    VerdictBuilder nobody_reads{{}};
    settle_sampling(nobody_reads, cases);
    std::vector<std::vector<Subject>> subjects;
    std::vector<std::vector<Answers>> answers(cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        subjects.push_back(cases[i].subjects(ruleset.ruleset(), weight));
        for (const auto& subject : subjects.back()) {
            answers[i].emplace_back(ruleset, subject);
        }
    }
    std::vector<RuleExplained> all;
    for (const auto& rule : ruleset.rules()) {
        for (std::size_t i = 0; i < cases.size(); ++i) {
            all.push_back(explained(ruleset, rule, basis, cases[i], answers[i]));
        }
    }
    return all;
}

}  // namespace portcullis::supervision
