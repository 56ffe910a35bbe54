#include "gate/recorded_facts.hpp"

#include "codec/facts.hpp"
#include "supervision/evaluate.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::gate {
namespace {

using namespace supervision::testing;
using supervision::CompiledRuleset;
using supervision::evaluate;

Rule looking_back(PredicateKind kind, int hours) {
    auto predicate = kind == PredicateKind::repeat_visits ? in_range(kind, 2) : is(kind, {"yes"});
    predicate.within = std::chrono::hours{hours};
    return rule("BACK", {predicate});
}

PassageFacts often_seen() {
    auto facts = leaving();
    facts.measures.visits.emplace();
    for (const int hours : {1, 5, 30}) {
        facts.measures.visits->push_back({noon - std::chrono::hours{hours}, "in-1"});
    }
    return facts;
}

codec::StatedPassage recorded(const CompiledRuleset& ruleset) {
    const auto orders = found({declared_release()});
    return codec::read_facts(recorded_facts(ruleset, often_seen(), orders, orders.orders, today())).value();
}

}  // namespace

TEST_CASE("what is recorded of a passage decides it again as it was decided") {
    for (const auto kind : {PredicateKind::repeat_visits, PredicateKind::plate_elsewhere}) {
        const CompiledRuleset rules{ruleset({looking_back(kind, 24)})};
        const auto again = recorded(rules);
        const auto first = evaluate(rules, often_seen(), found({declared_release()}), today());
        CHECK(evaluate(rules, again.facts, again.orders, again.basis).reasons == first.reasons);
        CHECK(first.reasons.size() == 2);
    }
}

TEST_CASE("visits are recorded as far back as the ruleset looks, and unknown where it does not look") {
    CHECK(recorded(CompiledRuleset{ruleset({looking_back(PredicateKind::repeat_visits, 24)})})
              .facts.measures.visits->size() == 2);
    CHECK_FALSE(recorded(CompiledRuleset{ruleset({})}).facts.measures.visits);
}

TEST_CASE("facts that would make an event too long are not kept") {
    auto facts = often_seen();
    facts.identity.invalid_plates.assign(1000, std::string(200, 'X'));
    const CompiledRuleset none{ruleset({})};
    const auto orders = found({declared_release()});
    CHECK(recorded_facts(none, facts, orders, orders.orders, today()) == "unknown");
}

}  // namespace portcullis::gate
