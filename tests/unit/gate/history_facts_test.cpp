// What the journal remembers of a box reaches its verdict; what it cannot say is unknown.
#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"

namespace portcullis::gate {
namespace {

using namespace testing;

const std::string seen_box = "CSQU3054383";

/// A release for a box that has not left before.
std::string release_once(const std::string& container) {
    auto order = release("R-1", container);
    const std::string none = R"("conditions":[])";
    return order.replace(order.find(none), none.size(), R"("conditions":[{"kind":"left_already","is":["no"]}])");
}

Verdict decided(std::optional<HistoryFound> past) {
    OrderBench bench;
    bench.past = std::move(past);
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release_once(seen_box)}));
    bench.until_applied(1);
    auto verdict = bench.decide(seen_box);
    REQUIRE(bench.remembered.size() == 1);
    CHECK(bench.remembered[0].boxes == std::vector<ContainerNumber>{ContainerNumber::parse(seen_box).value()});
    return verdict;
}

HistoryFound with_box(Tristate left) {
    HistoryFound past;
    past.boxes.emplace_back(ContainerNumber::parse(seen_box).value(), BoxHistory{left, std::nullopt});
    return past;
}

}  // namespace

TEST_CASE("a container that leaves a second time is seen") {
    CHECK(decided(with_box(Tristate::no)).outcome == VerdictOutcome::release);
    const auto twice = decided(with_box(Tristate::yes));
    CHECK(twice.outcome == VerdictOutcome::hold);
    CHECK(codes(twice) == std::vector{ReasonCode::condition_unmet});
}

TEST_CASE("a past that cannot be read is unknown, and does not release") {
    CHECK(codes(decided(std::nullopt)) == std::vector{ReasonCode::condition_unknown});
    CHECK(codes(decided(with_box(Tristate::unknown))) == std::vector{ReasonCode::condition_unknown});
}

TEST_CASE("a vehicle without orders has a past all the same") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-9", "MSKU0028235")}));
    bench.until_applied(1);
    CHECK(bench.decide(seen_box).outcome == VerdictOutcome::hold);
    CHECK(bench.remembered.size() == 1);
}

}  // namespace portcullis::gate
