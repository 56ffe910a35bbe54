// How old orders are, when that is told, and what a clock that is not believed does to them.
#include <optional>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/gate/signed_batch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using namespace testing;

const std::string aged_box = "CSQU3054383";

/// A timestamp that names these newest batches, now.
OrderTrust vouched(const OrderBench& bench, const std::map<std::string, std::int64_t>& newest) {
    OrderTrust trust{trust::KeySet{{orders_key().public_key()}, 1}};
    for (const auto& [authority, number] : newest) {
        trust.named.emplace(Authority{authority}, DocumentMark{number, {}});
    }
    trust.named_at = bench.clock.now().wall;
    return trust;
}

std::optional<std::int64_t> age_of(OrderBench& bench) {
    return bench.desk().age_s(bench.clock.now().wall);
}

/// `fresh 0 …`, as the events told it.
std::string told_of(OrderBench& bench) {
    std::string told;
    for (const auto& event : bench.events("document.state")) {
        told += (told.empty() ? "" : ", ") + text(event, "kind") + " " + text(event, "state");
    }
    return told;
}

}  // namespace

TEST_CASE("orders age from the newest batch on, or from the timestamp that says that none is missing") {
    OrderBench bench;
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({release("R-1", aged_box)}));
    bench.until_applied(1);
    bench.clock.advance(2h);
    CHECK(age_of(bench) == 7200);
    bench.desk().set_trust(vouched(bench, {{"ciq", 1}}));
    CHECK(age_of(bench) == 0);
    bench.clock.advance(10s);
    CHECK(age_of(bench) == 10);
    CHECK(bench.decide(aged_box).orders_age_s == 10);
}

TEST_CASE(
    "a timestamp proves nothing where a batch is missing, or where it leaves out somebody whose orders are here") {
    OrderBench bench;
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({}));
    bench.until_applied(1);
    bench.clock.advance(2h);
    SECTION("a newer batch is named") {
        bench.desk().set_trust(vouched(bench, {{"ciq", 2}}));
        CHECK(bench.desk().behind() == std::vector{Authority{"ciq"}});
    }
    SECTION("an authority is named of which nothing is here") {
        bench.desk().set_trust(vouched(bench, {{"ciq", 1}, {"customs", 1}}));
    }
    SECTION("an authority is not named") {
        bench.desk().set_trust(vouched(bench, {}));
    }
    CHECK(age_of(bench) == 7200);
}

TEST_CASE("the state of the orders is told when it changes, by the limits of the ruleset that acts") {
    OrderBench bench;
    bench.desk().tick(bench.clock.now());
    CHECK(told_of(bench).empty());  // no ruleset says how old is too old
    bench.order_limits = AgeLimits{1h, 4h, 24h};
    bench.desk().tick(bench.clock.now());
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({}));
    bench.until_applied(1);
    for (const auto passed : {0h, 1h, 1h, 3h, 0h, 20h}) {
        bench.clock.advance(passed);
        bench.desk().tick(bench.clock.now());
    }
    CHECK(told_of(bench) == "orders missing, orders fresh, orders ageing, orders stale, orders expired");
    CHECK(bench.desk().state(bench.clock.now().wall) == DocumentState::expired);
    bench.take(ciq.next({}));
    bench.until_applied(2);
    bench.desk().tick(bench.clock.now());
    CHECK(text(bench.events("document.state").back(), "state") == "fresh");
    CHECK(number(bench.events("document.state").back(), "age_s") == 0);
}

TEST_CASE("with a clock that is not believed an order holds only in the whole band") {
    OrderBench bench;
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({release("R-1", aged_box)}));  // to 20 December
    bench.until_applied(1);
    bench.clock.set_state(ClockState::unsynchronised);
    CHECK(bench.decide(aged_box).outcome == VerdictOutcome::release);
    bench.clock.step_wall(25h * 24 + 22h + 57min + 56s);  // two seconds before its end
    CHECK(codes(bench.decide(aged_box)) == std::vector{ReasonCode::clock_band});
    bench.clock.step_wall(1min);
    CHECK(codes(bench.decide(aged_box)) == std::vector{ReasonCode::order_expired});
}

TEST_CASE("a clock that was set back does not bring an order back that documents prove to be over") {
    OrderBench bench;
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({release("R-1", aged_box)}));
    bench.until_applied(1);
    auto trust = vouched(bench, {{"ciq", 1}});
    trust.time_floor = time_from_text("2026-12-21T00:00:00.000Z");
    bench.desk().set_trust(std::move(trust));
    CHECK(codes(bench.decide(aged_box)) == std::vector{ReasonCode::order_expired});
}

}  // namespace portcullis::gate
