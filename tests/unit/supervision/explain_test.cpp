#include "supervision/explain.hpp"

#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;

namespace {

std::string text(const std::vector<PredicateExplained>& predicates) {
    std::string text;
    for (const auto& one : predicates) {
        text += (text.empty() ? "" : "; ") + std::string{text_of(one.predicate->kind)} + " " +
                std::string{text_of(one.result)} + ": " + one.saw;
    }
    return text;
}

}  // namespace

TEST_CASE("an explanation shows each rule and what each of its predicates saw") {
    const CompiledRuleset rules{ruleset({
        rule("A", {is(PredicateKind::origin, {"NO"}), is(PredicateKind::origin_region, {"NO-46"}),
                   is(PredicateKind::hs, {"03"}), is(PredicateKind::seal, {"intact"})}),
        rule("B", {is(PredicateKind::plate, {truck}), named(PredicateKind::attribute, "bulk", {"yes"})}),
    })};
    const auto all = explain_rules(rules, leaving(), found({declared_release()}), today());
    REQUIRE(all.size() == 2);
    CHECK(all[0].rule->id == "A");
    CHECK(all[0].container == box(box_a));
    CHECK(all[0].result == Tristate::unknown);
    CHECK(text(all[0].declarations.at(0)) ==
          "origin yes: NO; origin_region unknown: unknown; hs yes: 0303140000; seal unknown: unknown");
    CHECK(text(all[1].declarations.at(0)) == "plate yes: 闽D12345; attribute unknown: unknown");
}

TEST_CASE("an explanation says why a rule says nothing") {
    auto old = rule("OLD", {});
    old.valid_to = noon - std::chrono::hours{1};
    auto other = rule("OTHER", {is(PredicateKind::origin, {"NO"})});
    other.movements = {Movement::export_laden};
    auto looked = inspecting(rule("LOOKED", {is(PredicateKind::origin, {"NO"})}));
    auto facts = leaving();
    measured(facts).zone_result = zone_result(ZoneResultState::pass, {"rule:LOOKED"});
    const CompiledRuleset rules{ruleset({old, other, looked})};
    const auto all = explain_rules(rules, facts, found({declared_release()}), today());
    REQUIRE(all.size() == 3);
    CHECK(all[0].in_force == Tristate::no);
    CHECK(all[0].result == Tristate::no);
    CHECK(all[1].for_movement == Tristate::no);
    CHECK(all[1].result == Tristate::no);
    CHECK(all[2].result == Tristate::yes);
    CHECK(all[2].answered);
}

TEST_CASE("an explanation agrees with the verdict about every declaration and box") {
    auto customs = declared_release();
    customs.order.authority = Authority{"customs"};
    release_of(customs).origin = "JP";
    const CompiledRuleset rules{ruleset({rule("A", {is(PredicateKind::origin, {"JP"})})})};
    const auto all = explain_rules(rules, leaving({box_a, box_b}), found({declared_release(), customs}), today());
    REQUIRE(all.size() == 2);
    CHECK(all[0].result == Tristate::yes);
    CHECK(text(all[0].declarations.at(0)) == "origin no: NO");
    CHECK(text(all[0].declarations.at(1)) == "origin yes: JP");
    CHECK(all[1].result == Tristate::unknown);
    const CompiledRuleset no_box{ruleset({rule("A", {is(PredicateKind::origin, {"JP"})})})};
    CHECK(text(explain_rules(no_box, leaving({}), found({}), today()).at(0).declarations.at(0)) == "origin no: no box");
    auto failed = found({});
    failed.failed = true;
    CHECK(explain_rules(no_box, leaving(), failed, today()).empty());
}
