#include "supervision/targeting.hpp"
#include "supervision/zone_answers.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;

namespace {

/// A box that central has drawn, that a rule inspects, and that an order targets.
struct Inspected {
    Ruleset rules = ruleset({inspecting(rule("Q05", {is(PredicateKind::origin, {"NO"})}))});
    PassageFacts facts = leaving();
    FoundOrder release = declared_release();
    FoundOrder target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::inspect);

    Inspected() {
        release_of(release).draw = Draw::drawn;
        std::get<TargetingOrder>(target.order.body).lifted_by = LiftedBy::result;
    }

    ZoneResult& result(ZoneResultState state, std::vector<std::string> answers = {}) {
        return measured(facts).zone_result.emplace(zone_result(state, std::move(answers)));
    }
    [[nodiscard]] Verdict decide() const { return decide_by(rules, facts, {release, target}); }
};

const std::vector<std::string> everything{"sampling", "rule:Q05", "order:ciq:T-1"};

}  // namespace

TEST_CASE("an inspection that nobody answered stands") {
    CHECK(outcome(Inspected{}.decide()) == "inspect: targeting_inspect rule_inspect sampling_drawn order_released");
}

TEST_CASE("a zone result that passes answers what it names") {
    Inspected box;
    box.result(ZoneResultState::pass, everything);
    const auto verdict = box.decide();
    CHECK(outcome(verdict) == "release: zone_answered order_released zone_answered zone_answered");
    CHECK(verdict.boxes[0].sampling == SamplingOutcome::satisfied);
    CHECK(verdict.boxes[0].answered == std::vector<std::string>{"order:ciq:T-1", "sampling", "rule:Q05"});
    CHECK(verdict.boxes[0].zone_result == "Z-9");
    // The order's place, and that of the result, which answers for no other passage here.
    REQUIRE(verdict.claims.size() == 2);
    CHECK(verdict.claims[1] ==
          UsageClaim{answer_place("Z-9", supervision::testing::box(box_a), ControlPoint{"g07"}), 1});
    SECTION("and nothing else") {
        box.result(ZoneResultState::pass, {"sampling"});
        CHECK(outcome(box.decide()) == "inspect: targeting_inspect rule_inspect order_released zone_answered");
    }
}

TEST_CASE("a result answers once") {
    Inspected box;
    box.result(ZoneResultState::pass, everything);
    measured(box.facts).answered_before = {"rule:Q05"};
    CHECK(outcome(box.decide()) == "inspect: rule_inspect zone_answered order_released zone_answered");
}

TEST_CASE("a result answers a targeting order only where that says so") {
    Inspected box;
    box.result(ZoneResultState::pass, everything);
    std::get<TargetingOrder>(box.target.order.body).lifted_by = LiftedBy::central;
    CHECK(box.decide().reasons.front().code == ReasonCode::targeting_inspect);
    std::get<TargetingOrder>(box.target.order.body).lifted_by.reset();
    CHECK(box.decide().reasons.front().code == ReasonCode::targeting_inspect);
}

TEST_CASE("a rule may say that no result answers it") {
    Inspected box;
    box.rules.rules[0].answered_by_result = false;
    box.result(ZoneResultState::pass, everything);
    CHECK(box.decide().reasons.front().code == ReasonCode::rule_inspect);
}

TEST_CASE("a result that does not pass holds and answers nothing") {
    Inspected box;
    box.result(ZoneResultState::treat, everything);
    CHECK(outcome(box.decide()) ==
          "hold: zone_result_treat targeting_inspect rule_inspect sampling_drawn order_released");
    CHECK(box.decide().reasons[0].id == "Z-9");
    box.result(ZoneResultState::fail, everything);
    CHECK(box.decide().reasons[0].code == ReasonCode::zone_result_fail);
}

TEST_CASE("a box that was given new seals leaves with these or does not leave") {
    Inspected box;
    box.result(ZoneResultState::pass, everything).new_seals = {"N1", "N2"};
    SECTION("not read") {
        const auto verdict = box.decide();
        CHECK(verdict.outcome == VerdictOutcome::inspect);
        CHECK(verdict.missing == std::vector<std::string>{"seal"});
    }
    SECTION("another one") {
        measured(box.facts).seals_read = {"N1", "X9"};
        const auto verdict = box.decide();
        CHECK(outcome(verdict) ==
              "inspect: zone_seal_differs targeting_inspect rule_inspect sampling_drawn order_released");
        CHECK(verdict.boxes[0].seal == SealState::differs);
        CHECK(verdict.boxes[0].answered.empty());
    }
    SECTION("one of them") {
        measured(box.facts).seals_read = {"N2"};
        CHECK(box.decide().outcome == VerdictOutcome::release);
    }
}

TEST_CASE("each box of a vehicle needs its own answer") {
    Inspected box;
    box.facts = leaving({box_a, box_b});
    auto second = release_order("R-2", box_b);
    release_of(second).draw = Draw::drawn;
    release_of(second).declarations = {"D-2"};
    box.result(ZoneResultState::pass, everything);
    const auto verdict = decide_by(box.rules, box.facts, {box.release, box.target, second});
    CHECK(verdict.outcome == VerdictOutcome::inspect);
    CHECK(reasons(verdict) ==
          "rule_inspect sampling_drawn zone_answered order_released order_released zone_answered zone_answered");
    CHECK(verdict.reasons[1].id == box_b);
}

TEST_CASE("seals are held against the declaration while no result gave new ones") {
    auto facts = leaving();
    auto order = declared_release();
    release_of(order).seals = {"S1"};
    const auto wrong = inspecting(rule("Q29", {is(PredicateKind::seal, {"absent", "differs"})}));
    const auto told = [&] { return outcome(decide_by(ruleset({wrong}), facts, {order})); };
    CHECK(told() == "inspect: rule_unknown order_released");
    measured(facts).seals_read = {"S1"};
    CHECK(told() == "release: order_released");
    measured(facts).seals_read = {"S2"};
    CHECK(told() == "inspect: rule_inspect order_released");
    measured(facts) = unmeasured();
    measured(facts).seal = SealState::absent;
    CHECK(told() == "inspect: rule_inspect order_released");
    measured(facts).seal = SealState::intact;
    CHECK(told() == "release: order_released");
}

TEST_CASE("a result that answers nothing takes no place") {
    Inspected box;
    box.result(ZoneResultState::pass, {});
    CHECK(box.decide().claims.empty());
    box.result(ZoneResultState::pass, {"sampling"});
    CHECK(box.decide().claims.empty());  // still inspected
}

TEST_CASE("an order that acts once is spent when its vehicle is released by a result") {
    Inspected box;
    box.result(ZoneResultState::pass, everything);
    CHECK(box.decide().claims.size() == 2);
    std::get<TargetingOrder>(box.target.order.body).once = true;
    const UsageKey place{Authority{"targeting"}, OrderId{"ciq:T-1"}, std::nullopt, ControlPoint{"g07"}};
    const auto verdict = box.decide();
    REQUIRE(verdict.claims.size() == 3);
    CHECK(std::find(verdict.claims.begin(), verdict.claims.end(), UsageClaim{place, 1}) != verdict.claims.end());

    measured(box.facts).answered_before = everything;
    SECTION("a vehicle that is only on its way out has not spent it") {
        box.target.usage = {{place, UsageState::reserved, passage_id(9)}};
        CHECK(outcome(box.decide()) == "inspect: targeting_inspect rule_inspect sampling_drawn order_released");
    }
    SECTION("one that has gone has") {
        box.target.usage = {{place, UsageState::used, passage_id(9)}};
        CHECK(outcome(box.decide()) == "inspect: rule_inspect sampling_drawn order_released");
    }
    SECTION("an order that acts every time has no place to spend") {
        std::get<TargetingOrder>(box.target.order.body).once = false;
        box.target.usage = {{place, UsageState::used, passage_id(9)}};
        CHECK(outcome(box.decide()) == "inspect: targeting_inspect rule_inspect sampling_drawn order_released");
    }
}

TEST_CASE("an order that is only central's to lift is not spent by a result") {
    Inspected box;
    auto& target = std::get<TargetingOrder>(box.target.order.body);
    target.once = true;
    target.lifted_by = LiftedBy::central;
    box.result(ZoneResultState::pass, everything);
    CHECK(outcome(box.decide()) == "inspect: targeting_inspect order_released zone_answered zone_answered");
    CHECK(box.decide().claims.empty());
}

TEST_CASE("an order whose names are too long for a place acts every time") {
    auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::inspect);
    std::get<TargetingOrder>(target.order.body).once = true;
    CHECK(spent_place(target.order, ControlPoint{"g07"}));
    target.order.id = OrderId{std::string(125, 'T')};
    CHECK_FALSE(spent_place(target.order, ControlPoint{"g07"}));
}
