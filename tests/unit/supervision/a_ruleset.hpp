#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/ruleset.hpp"
#include "tests/unit/supervision/a_passage.hpp"

/// Short words for rulesets: rules out of predicates, and a truck that they are asked about.
namespace portcullis::supervision::testing {

inline Predicate is(PredicateKind kind, std::vector<std::string> texts) {
    Predicate predicate;
    predicate.kind = kind;
    predicate.texts = std::move(texts);
    return predicate;
}

inline Predicate in_range(PredicateKind kind, std::optional<std::int64_t> at_least,
                          std::optional<std::int64_t> at_most = {}) {
    Predicate predicate;
    predicate.kind = kind;
    predicate.at_least = at_least;
    predicate.at_most = at_most;
    return predicate;
}

inline Predicate named(PredicateKind kind, const std::string& name, std::vector<std::string> texts = {}) {
    auto predicate = is(kind, std::move(texts));
    predicate.name = name;
    return predicate;
}

inline Predicate dated(const std::string& name, std::optional<WallTime> from, std::optional<WallTime> to = {}) {
    auto predicate = named(PredicateKind::date, name);
    predicate.from = from;
    predicate.to = to;
    return predicate;
}

/// Holds where all predicates are true, and where that is unknown.
inline Rule rule(const std::string& id, std::vector<Predicate> all) {
    Rule rule;
    rule.id = id;
    rule.condition.push_back({Join::all, static_cast<std::uint32_t>(all.size()), 0});
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        rule.condition.push_back({Join::predicate, 0, i});
    }
    rule.predicates = std::move(all);
    return rule;
}

inline Rule inspecting(Rule rule, UnknownOutcome unknown = UnknownOutcome::inspect) {
    rule.outcome = VerdictOutcome::inspect;
    rule.unknown = unknown;
    return rule;
}

inline Ruleset ruleset(std::vector<Rule> rules) {
    Ruleset ruleset;
    ruleset.version = 7;
    ruleset.policy = default_policy();
    ruleset.rules = std::move(rules);
    return ruleset;
}

inline DecisionBasis today(std::chrono::milliseconds band = {}) {
    auto basis = at(noon, band);
    basis.ruleset_state = DocumentState::fresh;
    return basis;
}

/// What is known of a box that nobody measured and nobody drew; that it has no zone result is known.
inline BoxMeasures unmeasured(const std::string& number = box_a) {
    BoxMeasures box_measures{box(number), SealState::unknown, {}, {}, {}, {}, {}};
    box_measures.results_known = true;
    return box_measures;
}

/// Of box_a.
inline ZoneResult zone_result(ZoneResultState state, std::vector<std::string> answers = {}) {
    return {"Z-9", box(box_a), "Z3", state, {}, std::move(answers), {}, {}, {}, "", {}, {}};
}

inline BoxMeasures& measured(PassageFacts& facts, const std::string& number = box_a) {
    for (auto& one : facts.measures.boxes) {
        if (one.container == box(number)) {
            return one;
        }
    }
    return facts.measures.boxes.emplace_back(unmeasured(number));
}

/// Of box_a, from central's authority `ciq`; with a declaration.
inline FoundOrder declared_release() {
    auto order = release_order("R-1");
    release_of(order).declarations = {"D-1"};
    release_of(order).draw = Draw::not_drawn;
    return order;
}

inline Verdict decide_by(const Ruleset& ruleset, const PassageFacts& facts, std::vector<FoundOrder> orders,
                         const DecisionBasis& basis = today()) {
    return evaluate(ruleset, facts, found(std::move(orders)), basis);
}

}  // namespace portcullis::supervision::testing
