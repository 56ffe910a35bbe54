#include "supervision/rule_review.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using supervision::contradiction;

namespace {

Predicate texts(PredicateKind kind, std::vector<std::string> words) {
    Predicate predicate;
    predicate.kind = kind;
    predicate.texts = std::move(words);
    return predicate;
}

Predicate mass(std::optional<std::int64_t> at_least, std::optional<std::int64_t> at_most) {
    Predicate predicate;
    predicate.kind = PredicateKind::gross_kg;
    predicate.at_least = at_least;
    predicate.at_most = at_most;
    return predicate;
}

/// A rule whose condition is this tree over these predicates.
Rule rule(std::vector<Predicate> predicates, std::vector<ConditionNode> condition) {
    Rule rule;
    rule.predicates = std::move(predicates);
    rule.condition = std::move(condition);
    return rule;
}

Rule both(Predicate left, Predicate right) {
    return rule({std::move(left), std::move(right)},
                {{Join::all, 2, 0}, {Join::predicate, 0, 0}, {Join::predicate, 0, 1}});
}

const auto japan = texts(PredicateKind::origin, {"JP"});
const auto korea = texts(PredicateKind::origin, {"KR"});

}  // namespace

TEST_CASE("Two predicates that no fact can meet at once are a contradiction") {
    CHECK(contradiction(both(japan, korea)) == "`origin JP` and `origin KR`");
    CHECK(contradiction(both(mass(20'000, {}), mass({}, 19'999))));
    CHECK(contradiction(both(texts(PredicateKind::last_port, {"JP"}), texts(PredicateKind::last_port, {"KRPUS"}))));
    CHECK(contradiction(
        rule({japan, japan},
             {{Join::all, 2, 0}, {Join::predicate, 0, 0}, {Join::negation, 1, 0}, {Join::predicate, 0, 1}})));
}

TEST_CASE("What can be met at once is no contradiction") {
    CHECK_FALSE(contradiction(both(japan, texts(PredicateKind::origin, {"JP", "KR"}))));
    CHECK_FALSE(contradiction(both(mass(20'000, {}), mass({}, 20'000))));
    CHECK_FALSE(contradiction(both(texts(PredicateKind::hs, {"03"}), texts(PredicateKind::hs, {"07"}))));
    CHECK_FALSE(
        contradiction(both(texts(PredicateKind::last_port, {"JP"}), texts(PredicateKind::last_port, {"JPTYO"}))));
    CHECK_FALSE(contradiction(rule({}, {})));
}

TEST_CASE("Of alternatives one that can be met is enough") {
    const auto with_any = [](const Predicate& first, const Predicate& second) {
        return rule({japan, first, second}, {{Join::all, 2, 0},
                                             {Join::predicate, 0, 0},
                                             {Join::any, 2, 0},
                                             {Join::predicate, 0, 1},
                                             {Join::predicate, 0, 2}});
    };
    CHECK_FALSE(contradiction(with_any(korea, japan)));
    CHECK(contradiction(with_any(korea, texts(PredicateKind::origin, {"CN"}))));
}
