#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

/// Frozen cod out of Fukushima, as the notice of 2011-04-08 has it (domain rule Q02).
Rule japan_food() {
    auto q02 = rule("Q02", {is(PredicateKind::hs, {"02", "03", "04"}), is(PredicateKind::origin, {"JP"}),
                            is(PredicateKind::origin_region, {"JP-07", "JP-08"})});
    q02.movements = {Movement::import_laden};
    return q02;
}

FoundOrder from(const std::string& origin, const std::optional<std::string>& region) {
    auto order = declared_release();
    release_of(order).origin = origin;
    release_of(order).origin_region = region;
    return order;
}

std::vector<std::string> rules_in(const Verdict& verdict) {
    std::vector<std::string> ids;
    for (const auto& reason : verdict.reasons) {
        if (reason.kind == ReasonKind::rule) {
            ids.push_back(*reason.id);
        }
    }
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a rule that matches holds a box that is released") {
    const auto verdict = decide_by(ruleset({japan_food()}), leaving(), {from("JP", "JP-07")});
    CHECK(outcome(verdict) == "hold: rule_hold order_released");
    CHECK(verdict.reasons[0].id == "Q02");
    CHECK(verdict.claims.empty());
    CHECK(verdict.ruleset_version == 7);
    CHECK(outcome(decide_by(ruleset({japan_food()}), leaving(), {from("JP", "JP-13")})) == "release: order_released");
}

TEST_CASE("a region that is missing is unknown and holds") {
    const auto verdict = decide_by(ruleset({japan_food()}), leaving(), {from("JP", {})});
    CHECK(outcome(verdict) == "hold: rule_unknown order_released");
    CHECK(verdict.reasons[0].result == Tristate::unknown);
    CHECK(verdict.missing == std::vector<std::string>{"origin_region"});
}

TEST_CASE("goods of another origin are no match though their region is named") {
    CHECK(outcome(decide_by(ruleset({japan_food()}), leaving(), {from("CN", "JP-07")})) == "release: order_released");
}

TEST_CASE("a code known to 4 digits is unknown where the rule needs 6") {
    const auto milk = rule("Q15", {is(PredicateKind::hs, {"190110"})});
    auto order = declared_release();
    release_of(order).hs = {"1901"};
    CHECK(outcome(decide_by(ruleset({milk}), leaving(), {order})) == "hold: rule_unknown order_released");
}

TEST_CASE("two rules that match are both told and the stricter one decides") {
    const auto look = inspecting(rule("Q05", {is(PredicateKind::origin, {"JP"})}));
    const auto verdict = decide_by(ruleset({look, japan_food()}), leaving(), {from("JP", "JP-07")});
    CHECK(outcome(verdict) == "hold: rule_hold rule_inspect order_released");
    CHECK(rules_in(verdict) == Ids{"Q02", "Q05"});
}

TEST_CASE("reasons of rules keep the order of the ruleset") {
    std::vector<Rule> rules;
    for (const auto* id : {"z", "m", "a"}) {
        rules.push_back(rule(id, {is(PredicateKind::origin, {"NO"})}));
    }
    CHECK(rules_in(decide_by(ruleset(rules), leaving(), {declared_release()})) == Ids{"z", "m", "a"});
}

TEST_CASE("a rule's own column says what its unknown does") {
    auto one = inspecting(rule("R", {is(PredicateKind::origin_region, {"JP-07"})}), UnknownOutcome::hold);
    CHECK(outcome(decide_by(ruleset({one}), leaving(), {declared_release()})) == "hold: rule_unknown order_released");
    one.unknown = UnknownOutcome::inspect;
    CHECK(outcome(decide_by(ruleset({one}), leaving(), {declared_release()})) ==
          "inspect: rule_unknown order_released");
    one.unknown = UnknownOutcome::note;
    const auto noted = decide_by(ruleset({one}), leaving(), {declared_release()});
    CHECK(outcome(noted) == "release: order_released");
    CHECK(noted.notes == std::vector<RuleNote>{{"R", RuleNote::Why::unknown}});
}

TEST_CASE("a rule for other movements is not asked") {
    auto export_only = rule("R", {});
    export_only.movements = {Movement::export_laden};
    CHECK(outcome(decide_by(ruleset({export_only}), leaving(), {declared_release()})) == "release: order_released");
    CHECK(outcome(decide_by(ruleset({export_only}), entering(), {})) == "hold: rule_hold unmatched");
    CHECK(outcome(decide_by(ruleset({japan_food()}), entering(), {})) == "release: unmatched");
}

TEST_CASE("a rule for one movement is unknown where the movement is, also when all that it asks is true") {
    auto one = rule("R", {is(PredicateKind::way, {"out"})});
    one.movements = {Movement::export_laden};
    auto facts = leaving();
    facts.load = Load::unknown;
    const auto verdict = decide_by(ruleset({one}), facts, {});
    CHECK(verdict.movement == Movement::unknown);
    CHECK(reasons(verdict).find("rule_unknown") != std::string::npos);
}

TEST_CASE("a rule that expired yesterday is not evaluated and is noted") {
    auto old = rule("R", {});
    old.valid_to = noon - 24h;
    const auto verdict = decide_by(ruleset({old}), leaving(), {declared_release()});
    CHECK(outcome(verdict) == "release: order_released");
    CHECK(verdict.notes == std::vector<RuleNote>{{"R", RuleNote::Why::not_in_force}});
    SECTION("its last moment is included") {
        old.valid_to = noon;
        CHECK(rules_in(decide_by(ruleset({old}), leaving(), {declared_release()})) == Ids{"R"});
    }
    SECTION("its first moment is included") {
        old.valid_to.reset();
        old.valid_from = noon;
        CHECK(rules_in(decide_by(ruleset({old}), leaving(), {declared_release()})) == Ids{"R"});
        old.valid_from = noon + 1ms;
        CHECK(rules_in(decide_by(ruleset({old}), leaving(), {declared_release()})).empty());
    }
    SECTION("inside the band of the clock it is unknown") {
        const auto unsure = decide_by(ruleset({old}), leaving(), {declared_release()}, today(25h));
        CHECK(reasons(unsure).find("rule_unknown") != std::string::npos);
    }
}

TEST_CASE("not and any follow three-valued logic") {
    auto one = rule("R", {is(PredicateKind::origin_region, {"JP-07"}), is(PredicateKind::origin, {"NO"})});
    const auto told = [&] { return reasons(decide_by(ruleset({one}), leaving(), {declared_release()})); };
    one.condition = {{Join::any, 2, 0}, {Join::predicate, 0, 0}, {Join::predicate, 0, 1}};
    CHECK(told() == "rule_hold order_released");  // true wins over unknown
    one.condition = {{Join::negation, 1, 0}, {Join::predicate, 0, 0}};
    CHECK(told() == "rule_unknown order_released");  // not unknown is unknown
    one.condition = {{Join::negation, 1, 0}, {Join::predicate, 0, 1}};
    CHECK(told() == "order_released");
    one.condition = {{Join::all, 2, 0}, {Join::predicate, 0, 0}, {Join::negation, 1, 0}, {Join::predicate, 0, 1}};
    CHECK(told() == "order_released");  // false wins over unknown
    one.condition = {{Join::any, 2, 0},
                     {Join::all, 2, 0},
                     {Join::predicate, 0, 0},
                     {Join::predicate, 0, 0},
                     {Join::predicate, 0, 1}};
    CHECK(told() == "rule_hold order_released");
}

TEST_CASE("a condition that is no whole tree is unknown") {
    auto broken = rule("R", {is(PredicateKind::origin, {"NO"})});
    broken.condition = {{Join::all, 4'000'000'000, 0}, {Join::predicate, 0, 0}};
    CHECK(reasons(decide_by(ruleset({broken}), leaving(), {declared_release()})) == "rule_unknown order_released");
    broken.condition = {{Join::predicate, 0, 9}};
    CHECK(reasons(decide_by(ruleset({broken}), leaving(), {declared_release()})) == "rule_unknown order_released");
}

TEST_CASE("each declaration of a box is asked by itself") {
    auto cod = from("NO", "NO-46");
    auto apples = from("JP", "JP-07");
    apples.order.authority = Authority{"customs"};
    release_of(apples).hs = {"0808100000"};
    CHECK(rules_in(decide_by(ruleset({japan_food()}), leaving(), {cod, apples})).empty());
    SECTION("what one leaves out another one says") {
        release_of(apples).hs.reset();
        CHECK(rules_in(decide_by(ruleset({japan_food()}), leaving(), {cod, apples})) == Ids{"Q02"});
    }
    SECTION("what no longer counts is not asked") {
        release_of(apples).hs = {"0303"};
        apples.order.valid_to = noon - 1h;
        CHECK(rules_in(decide_by(ruleset({japan_food()}), leaving(), {cod, apples})).empty());
    }
    SECTION("what is held has goods too") {
        release_of(apples).hs = {"0303"};
        release_of(apples).status = ReleaseStatus::held;
        CHECK(rules_in(decide_by(ruleset({japan_food()}), leaving(), {cod, apples})) == Ids{"Q02"});
    }
}

TEST_CASE("one box that matches is enough and is told once") {
    auto second = release_order("R-2", box_b);
    release_of(second).draw = Draw::not_drawn;
    release_of(second).declarations = {"D-2"};
    const auto norway = rule("R", {is(PredicateKind::origin, {"NO"})});
    CHECK(rules_in(decide_by(ruleset({norway}), leaving({box_a, box_b}), {declared_release(), second})) == Ids{"R"});
    release_of(second).origin.reset();
    const auto verdict = decide_by(ruleset({norway}), leaving({box_a, box_b}), {declared_release(), second});
    CHECK(rules_in(verdict) == Ids{"R", "R"});  // one box matches and of the other one it is unknown
}

TEST_CASE("rules are asked of a vehicle without boxes as well") {
    const auto stolen = rule("R", {is(PredicateKind::plate, {truck})});
    CHECK(outcome(decide_by(ruleset({stolen}), leaving({}), {})) == "hold: rule_hold no_box_proved");
    CHECK(outcome(decide_by(ruleset({japan_food()}), leaving({}), {})) == "release: no_box_proved");
}

TEST_CASE("without a look-up the rules are not asked about a box") {
    auto answer = found({});
    answer.failed = true;
    const auto verdict = evaluate(ruleset({rule("R", {})}), leaving(), answer, today());
    CHECK(outcome(verdict) == "hold: lookup_failed");
    CHECK(verdict.boxes.empty());
}

TEST_CASE("an inspection goes to the zone of its rule with all methods") {
    auto first = inspecting(rule("A", {is(PredicateKind::origin, {"NO"})}));
    first.zone = "Z1";
    first.methods = {"radiation"};
    auto second = inspecting(rule("B", {is(PredicateKind::origin, {"NO"})}));
    second.zone = "Z2";
    second.methods = {"open", "radiation"};
    const auto verdict = decide_by(ruleset({first, second}), leaving(), {declared_release()});
    CHECK(verdict.outcome == VerdictOutcome::inspect);
    CHECK(verdict.zone == "Z1");
    CHECK(verdict.methods == std::vector<std::string>{"radiation", "open"});
}

TEST_CASE("a rule with a rate takes the boxes that its own draw names") {
    auto some = inspecting(rule("Q18", {is(PredicateKind::origin, {"NO"})}));
    some.rate_ppm = 200'000;
    auto facts = leaving();
    const auto told = [&] { return outcome(decide_by(ruleset({some}), facts, {declared_release()})); };
    CHECK(told() == "inspect: rule_unknown order_released");  // nobody drew
    measured(facts).tickets = {{"sampling", 0}, {"rule:Q18", 199'999}};
    CHECK(told() == "inspect: rule_inspect order_released");
    measured(facts).tickets = {{"sampling", 0}, {"rule:Q18", 200'000}};
    CHECK(told() == "release: order_released");
    measured(facts).tickets = {{"rule:Q18", {}}};
    CHECK(told() == "inspect: rule_unknown order_released");  // no key
    some.predicates = {is(PredicateKind::origin, {"JP"})};
    CHECK(told() == "release: order_released");  // does not match: no draw is needed
}

TEST_CASE("a condition of an order is a predicate over its box") {
    auto order = declared_release();
    release_of(order).conditions = {{"seal", "{}", is(PredicateKind::seal, {"intact"})}};
    auto facts = leaving();
    CHECK(outcome(decide_by(ruleset({}), facts, {order})) == "hold: condition_unknown order_released");
    measured(facts).seal = SealState::intact;
    const auto met = decide_by(ruleset({}), facts, {order});
    CHECK(outcome(met) == "release: order_released");
    CHECK(met.conditions.at(0).state == Tristate::yes);
    measured(facts).seal = SealState::open;
    CHECK(outcome(decide_by(ruleset({}), facts, {order})) == "hold: condition_unmet order_released");
    release_of(order).conditions = {{"zone_result", "{}", is(PredicateKind::zone_result, {"pass"})}};
    CHECK(outcome(decide_by(ruleset({}), facts, {order})) == "hold: zone_result_missing order_released");
    measured(facts).results_known = false;
    CHECK(outcome(decide_by(ruleset({}), facts, {order})) == "hold: condition_unknown order_released");
    measured(facts).zone_result = zone_result(ZoneResultState::pass);
    CHECK(outcome(decide_by(ruleset({}), facts, {order})) == "release: order_released");
}

TEST_CASE("radiation that is high holds the vehicle where it stands") {
    auto facts = leaving();
    facts.measures.radiation = RadiationState::high;
    CHECK(outcome(decide_by(ruleset({}), facts, {declared_release()})) == "hold: radiation_high order_released");
    CHECK(outcome(decide(facts, {release_order("R-1")})) == "hold: radiation_high order_released");
}
