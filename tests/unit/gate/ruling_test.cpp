// By which ruleset the order desk judges, and the one that is judged beside it.
#include <algorithm>
#include <memory>

#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::gate {
namespace {

using namespace testing;

const std::string box = "CSQU3054383";

std::shared_ptr<const supervision::CompiledRuleset> compiled(std::int64_t version, std::vector<Rule> rules = {}) {
    auto ruleset = supervision::testing::ruleset(std::move(rules));
    ruleset.version = version;
    return std::make_shared<const supervision::CompiledRuleset>(std::move(ruleset));
}

Rule holds_this_box() {
    return supervision::testing::rule("H1", {supervision::testing::is(PredicateKind::container_prefix, {box})});
}

/// A bench whose passages are judged by this, with one released box.
std::unique_ptr<OrderBench> judged_by(const Ruling& ruling) {
    auto bench = std::make_unique<OrderBench>();
    bench->rule = [ruling](const PassageId&, Now) { return ruling; };
    bench->restart();
    auto chain = bench->chain("ciq");
    bench->take(chain.next({release("R-1", box)}));
    bench->until_applied(1);
    return bench;
}

}  // namespace

TEST_CASE("a verdict says which ruleset decided it, in which state and how old") {
    const auto bench = judged_by({compiled(7), nullptr, DocumentState::fresh, 60});
    const auto verdict = bench->decide(box);
    CHECK(verdict.outcome == VerdictOutcome::release);
    CHECK(verdict.ruleset_version == 7);
    CHECK(verdict.ruleset_state == DocumentState::fresh);
    CHECK(verdict.ruleset_age_s == 60);
    CHECK_FALSE(verdict.shadow);
}

TEST_CASE("an expired ruleset releases nothing by itself") {
    const auto bench = judged_by({compiled(7), nullptr, DocumentState::expired, 60});
    CHECK(bench->decide(box).outcome == VerdictOutcome::hold);
}

TEST_CASE("the ruleset that waits is judged beside the one that acts, and never acts") {
    const auto bench = judged_by({compiled(7), compiled(8, {holds_this_box()}), DocumentState::fresh, 60});
    const auto verdict = bench->decide(box);
    CHECK(verdict.outcome == VerdictOutcome::release);
    CHECK(verdict.ruleset_version == 7);
    CHECK(codes(verdict).empty());
    REQUIRE(verdict.shadow);
    CHECK(*verdict.shadow == ShadowVerdict{8, VerdictOutcome::hold, {ReasonCode::rule_hold}});
}

TEST_CASE("the age of the ruleset that acts is no difference of the one that waits") {
    const auto bench = judged_by({compiled(7), compiled(8), DocumentState::expired, 60});
    const auto verdict = bench->decide(box);
    CHECK(verdict.outcome == VerdictOutcome::hold);
    REQUIRE(verdict.shadow);
    CHECK(verdict.shadow->outcome == VerdictOutcome::release);
}

}  // namespace portcullis::gate
