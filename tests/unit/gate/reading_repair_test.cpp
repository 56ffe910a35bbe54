// A reading with a defect on its way to a verdict: weighed by the passage's ruleset, and looked up anew when it was
// taken.
#include <memory>

#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::gate {
namespace {

using namespace testing;

const std::string painted = "CSQU3054383";
const std::string misread = "CSQU3O54383";

std::shared_ptr<const supervision::CompiledRuleset> weighing(ReadingPolicy readings) {
    auto ruleset = supervision::testing::ruleset({});
    ruleset.readings = readings;
    return std::make_shared<const supervision::CompiledRuleset>(std::move(ruleset));
}

PassageFacts misread_passage() {
    auto facts = supervision::testing::leaving({painted});
    facts.identity.containers.clear();
    facts.identity.invalid_containers = {misread};
    return facts;
}

std::unique_ptr<OrderBench> bench_with(ReadingPolicy readings, std::vector<std::string> orders) {
    auto bench = std::make_unique<OrderBench>();
    bench->rule = [ruleset = weighing(readings)](const PassageId&, Now) {
        return Ruling{ruleset, nullptr, DocumentState::fresh, 60};
    };
    bench->restart();
    auto chain = bench->chain("ciq");
    bench->take(chain.next(std::move(orders)));
    bench->until_applied(1);
    return bench;
}

/// `release` of a declared enterprise.
std::string release_declared_by(const std::string& enterprise) {
    auto order = release("R-1", painted);
    const std::string after = "\"conditions\"";
    return order.replace(order.find(after), 0, "\"enterprise\":\"" + enterprise + "\",");
}

std::string targeting_of_enterprise(const std::string& enterprise) {
    return R"({"op":"put","order":"T-1","kind":"targeting","match":{"enterprise":")" + enterprise +
           R"("},"action":"hold","valid_from":"2026-11-20T00:00:00.000Z",)"
           R"("officer":"A113","decided":"2026-11-20T00:00:00.000Z"})";
}

}  // namespace

TEST_CASE("a misread number is repaired by the passage's ruleset, and released by the order of the right one") {
    const auto bench = bench_with({0, true}, {release("R-1", painted)});
    const auto verdict = bench->decide(misread_passage());
    CHECK(verdict.outcome == VerdictOutcome::release);
    REQUIRE(verdict.repairs.size() == 1);
    CHECK(verdict.repairs.front().cause == RepairCause::taken);
    CHECK(verdict.repairs.front().read == misread);
    CHECK(verdict.repairs.front().candidate == painted);
    REQUIRE(verdict.claims.size() == 1);
    CHECK(verdict.claims.front().key.container->text() == painted);
}

TEST_CASE("without a word of the ruleset nothing is repaired, and that is told") {
    const auto bench = bench_with({}, {release("R-1", painted)});
    const auto verdict = bench->decide(misread_passage());
    CHECK(verdict.outcome == VerdictOutcome::hold);
    REQUIRE(verdict.repairs.size() == 1);
    CHECK(verdict.repairs.front().cause == RepairCause::policy);
}

TEST_CASE("no order of the right number, no repair") {
    const auto bench = bench_with({0, true}, {release("R-1", "MSKU0028235")});
    const auto verdict = bench->decide(misread_passage());
    CHECK(verdict.outcome == VerdictOutcome::hold);
    REQUIRE(verdict.repairs.size() == 1);
    CHECK(verdict.repairs.front().cause == RepairCause::order_unknown);
}

TEST_CASE("what targets the declaration of a repaired number is found") {
    const auto bench =
        bench_with({0, true}, {release_declared_by("3502960123"), targeting_of_enterprise("3502960123")});
    const auto verdict = bench->decide(misread_passage());
    CHECK(verdict.outcome == VerdictOutcome::hold);
    CHECK(codes(verdict) == std::vector{ReasonCode::targeting_hold});
}

TEST_CASE("a doubtful number is held, and what targets it is named") {
    auto facts = supervision::testing::leaving({painted});
    facts.identity.containers.front().confidence = 40;
    const auto bench = bench_with({70, true}, {release("R-1", painted)});
    const auto verdict = bench->decide(facts);
    CHECK(verdict.outcome == VerdictOutcome::hold);
    CHECK(codes(verdict) == std::vector{ReasonCode::container_invalid});
    CHECK(verdict.repairs.empty());
}

}  // namespace portcullis::gate
