#include "supervision/staleness.hpp"
#include "supervision/weight.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t hour = 3600;

Verdict aged(const Ruleset& rules, std::int64_t ruleset_age_s, std::int64_t orders_age_s,
             const PassageFacts& facts = leaving()) {
    auto answer = found({declared_release()});
    answer.age_s = orders_age_s;
    auto basis = today();
    basis.ruleset_age_s = ruleset_age_s;
    return evaluate(rules, facts, answer, basis);
}

/// 28,410 kg of goods in a box of 4,000 kg on a truck of 15,000 kg.
struct Weighed {
    PassageFacts facts = leaving();
    FoundOrder order = declared_release();
    WeightTolerance tolerance;

    Weighed() {
        facts.measures.gross_vehicle_kg = 47'410;
        facts.measures.vehicle_tare_kg = 15'000;
        release_of(order).gross_kg = 28'410;
        release_of(order).mass_basis = MassBasis::goods;
        release_of(order).box_tare_kg = 4'000;
    }
    [[nodiscard]] WeightJudgement judge() const { return judge_weight(tolerance, facts, {order}, today()); }
    [[nodiscard]] Tristate off_by(std::int64_t kg) const {
        auto heavier = *this;
        heavier.facts.measures.gross_vehicle_kg = *heavier.facts.measures.gross_vehicle_kg + kg;
        return heavier.judge().beyond;
    }
};

}  // namespace

TEST_CASE("a document ages through its states") {
    const AgeLimits limits{10s, 20s, 30s};
    CHECK(state_by_age(10, limits) == DocumentState::fresh);
    CHECK(state_by_age(11, limits) == DocumentState::ageing);
    CHECK(state_by_age(20, limits) == DocumentState::ageing);
    CHECK(state_by_age(30, limits) == DocumentState::stale);
    CHECK(state_by_age(31, limits) == DocumentState::expired);
}

TEST_CASE("without a ladder what is stale holds and both ages are told") {
    const auto rules = ruleset({});
    const auto young = aged(rules, 25 * hour, 2 * hour);
    CHECK(outcome(young) == "release: order_released");
    CHECK(young.ruleset_state == DocumentState::ageing);
    CHECK(young.ruleset_age_s == 25 * hour);
    CHECK(young.orders_state == DocumentState::ageing);
    CHECK(outcome(aged(rules, 8 * 24 * hour, 0)) == "hold: ruleset_stale order_released");
    CHECK(outcome(aged(rules, 31 * 24 * hour, 0)) == "hold: ruleset_expired order_released");
    CHECK(outcome(aged(rules, 0, 5 * hour)) == "hold: orders_stale order_released");
    CHECK(outcome(aged(rules, 0, 25 * hour)) == "hold: orders_expired order_released");
    auto basis = at(noon);
    CHECK(outcome(decide_by(rules, leaving(), {declared_release()}, basis)) == "hold: ruleset_unknown order_released");
    basis.ruleset_state = DocumentState::expired;
    CHECK(outcome(decide_by(rules, leaving(), {declared_release()}, basis)) == "hold: ruleset_expired order_released");
}

TEST_CASE("the ladder says what each state still allows by movement and class") {
    auto rules = ruleset({});
    rules.classes.names = {"AA", "C"};
    rules.classes.unknown = "C";
    rules.classes.enterprises["3502960123"] = {"AA", {}};
    using Document = StalenessRow::Document;
    rules.staleness.ladder = {
        {Document::orders, DocumentState::stale, Movement::import_laden, "AA", VerdictOutcome::release},
        {Document::orders, DocumentState::stale, {}, {}, VerdictOutcome::inspect},
        {Document::ruleset, DocumentState::ageing, {}, {}, VerdictOutcome::inspect},
    };
    CHECK(outcome(aged(rules, 0, 5 * hour)) == "release: order_released");
    CHECK(outcome(aged(rules, 0, 25 * hour)) == "hold: orders_expired order_released");
    CHECK(outcome(aged(rules, 25 * hour, 0)) == "inspect: ruleset_ageing order_released");
    rules.classes.enterprises.clear();
    CHECK(outcome(aged(rules, 0, 5 * hour)) == "inspect: orders_stale order_released");
    CHECK(outcome(aged(rules, 0, 5 * hour, leaving({}))) == "release: no_box_proved");  // rests on no order
}

TEST_CASE("without a ruleset no age takes anything") {
    auto answer = found({release_order("R-1")});
    answer.age_s = 999 * 24 * hour;
    const auto verdict = evaluate(policy_alone(default_policy()), leaving(), answer, at(noon));
    CHECK(outcome(verdict) == "release: order_released");
    CHECK(verdict.orders_state == DocumentState::fresh);
}

TEST_CASE("an order that others may have used is released without a link only where the policy says so") {
    auto rules = ruleset({});
    auto basis = today();
    basis.link_up = false;
    auto order = declared_release();
    CHECK(outcome(decide_by(rules, leaving(), {order}, basis)) == "hold: order_shared order_released");
    SECTION("for one gate") {
        order.order.gates = {"g07"};
        CHECK(outcome(decide_by(rules, leaving(), {order}, basis)) == "release: order_released");
    }
    SECTION("for the control point that bears the gate's name") {
        order.order.control_points = {ControlPoint{"g07"}};
        CHECK(outcome(decide_by(rules, leaving(), {order}, basis)) == "release: order_released");
    }
    SECTION("for one control point that another gate may have too") {
        auto facts = leaving();
        facts.control_point = ControlPoint{"quay"};
        order.order.control_points = {facts.control_point};
        CHECK(outcome(decide_by(rules, facts, {order}, basis)) == "hold: order_shared order_released");
    }
    SECTION("by policy") {
        rules.staleness.shared_orders_without_link = true;
        CHECK(outcome(decide_by(rules, leaving(), {order}, basis)) == "release: order_released");
    }
    SECTION("with a link") {
        CHECK(outcome(decide_by(rules, leaving(), {order})) == "release: order_released");
    }
}

TEST_CASE("weight is vehicle less tares and held against what is declared") {
    Weighed box;
    CHECK(box.judge().delta_kg == 0);
    CHECK(box.judge().beyond == Tristate::no);
    SECTION("the declared mass may be of the box or the vehicle") {
        release_of(box.order).mass_basis = MassBasis::box;
        CHECK(box.judge().delta_kg == 4'000);
        release_of(box.order).box_tare_kg.reset();
        CHECK(box.judge().delta_kg == 4'000);
        release_of(box.order).mass_basis = MassBasis::vehicle;
        CHECK(box.judge().delta_kg == 19'000);
    }
    SECTION("the larger of two tolerances") {
        CHECK(box.off_by(1'420) == Tristate::no);  // 5 % are 1,420.5 kg
        CHECK(box.off_by(1'421) == Tristate::yes);
        CHECK(box.off_by(-1'421) == Tristate::yes);
    }
    SECTION("the smaller of two tolerances") {
        box.tolerance.choice = ToleranceChoice::smaller;
        CHECK(box.off_by(1'000) == Tristate::no);
        CHECK(box.off_by(1'001) == Tristate::yes);
    }
    SECTION("whatever is not known leaves it unknown") {
        const auto unknown_without = [](const auto& forget) {
            Weighed other;
            forget(other);
            CHECK(other.judge().beyond == Tristate::unknown);
            CHECK_FALSE(other.judge().delta_kg);
        };
        unknown_without([](Weighed& one) { one.facts.measures.gross_vehicle_kg.reset(); });
        unknown_without([](Weighed& one) { one.facts.measures.vehicle_tare_kg.reset(); });
        unknown_without([](Weighed& one) { release_of(one.order).gross_kg.reset(); });
        unknown_without([](Weighed& one) { release_of(one.order).mass_basis.reset(); });
        unknown_without([](Weighed& one) { release_of(one.order).box_tare_kg.reset(); });
    }
}

TEST_CASE("two boxes are weighed together and a declaration that both share counts once") {
    Weighed both;
    both.facts = leaving({box_a, box_b});
    both.facts.measures.gross_vehicle_kg = 41'410;
    both.facts.measures.vehicle_tare_kg = 15'000;
    release_of(both.order).box_tare_kg = 2'000;
    auto second = both.order;
    second.order.id = OrderId{"R-2"};
    release_of(second).container = box(box_b);
    const auto delta = [&] { return judge_weight(both.tolerance, both.facts, {both.order, second}, today()).delta_kg; };
    CHECK(delta() == -6'000);
    release_of(second).declarations = {"D-2"};
    CHECK(delta() == -34'410);
    release_of(second).mass_basis = MassBasis::box;
    CHECK_FALSE(delta());
}

TEST_CASE("a scale that fails leaves the weight unknown and the box is inspected") {
    const auto q27 = inspecting(rule("Q27", {is(PredicateKind::weight_delta, {"yes"})}));
    Weighed box;
    CHECK(outcome(decide_by(ruleset({q27}), box.facts, {box.order})) == "release: order_released");
    box.facts.measures.gross_vehicle_kg.reset();
    CHECK(outcome(decide_by(ruleset({q27}), box.facts, {box.order})) == "inspect: rule_unknown order_released");
}
