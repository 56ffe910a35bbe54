// Verdicts that time alone may change.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("a hold that time may lift is asked about every five seconds, and told once", "[lane]") {
    const auto code = GENERATE(ReasonCode::lookup_failed, ReasonCode::order_reserved, ReasonCode::order_not_yet_valid,
                               ReasonCode::clock_band);
    LaneBench bench;
    bench.decides = [=](const PassageFacts&) { return hold_for(code); };
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    REQUIRE(bench.asked.size() == 1);
    bench.after(4900ms);
    CHECK(bench.asked.size() == 1);
    const auto written = bench.journal.size();
    bench.after(60s);
    CHECK(bench.asked.size() == 13);
    CHECK(bench.journal.size() == written);
    bench.decides = release_of;
    bench.after(5s);
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("a hold that only orders or a person can lift is asked about when orders change", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::order_held); };
    bench.truck_arrives();
    bench.after(60s);
    CHECK(bench.asked.size() == 1);
    bench.orders_changed();
    CHECK(bench.asked.size() == 2);
}

TEST_CASE("a place that another lane took between verdict and permission may come back", "[lane]") {
    LaneBench bench;
    bool taken = true;
    bench.decides = [&](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        if (taken) {
            verdict.orders.front().usage.push_back(
                {verdict.claims.front().key, UsageState::reserved, PassageId{{0xff, 2}}});
        }
        return verdict;
    };
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    const auto verdicts = bench.count("verdict.issued");
    bench.after(31s);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.count("verdict.issued") == verdicts);
    taken = false;
    bench.after(5s);
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("nobody is asked about a vehicle that goes under the arm undecided", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::lookup_failed); };
    bench.truck_arrives();
    bench.on(Role::arm_loop);
    bench.arm_leaves_closed();
    REQUIRE(bench.state() == PassageState::passing);
    bench.after(60s);
    CHECK(bench.asked.size() == 1);
}

TEST_CASE("nobody is asked about a vehicle that has left", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::lookup_failed); };
    bench.truck_arrives();
    bench.off(Role::arrival_loop);
    bench.after(60s);
    const auto asked = bench.asked.size();
    CHECK(bench.open() == 0);
    bench.after(60s);
    CHECK(bench.asked.size() == asked);
}

}  // namespace
}  // namespace portcullis::lane
