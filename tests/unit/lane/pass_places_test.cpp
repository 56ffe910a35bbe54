#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

const UsageKey pass_key{Authority{"passes"}, OrderId{"P-1"}, std::nullopt, ControlPoint{"g07"}};
const PassageId earlier_visit{{0xee, 1}};
const PassageId other_lane{{0xee, 2}};

/// Released by a pass that counts twice; so many of its places others have, by the database.
Verdict released_by_pass(const PassageFacts& facts, std::vector<Usage> places) {
    auto verdict = release_of(facts);
    verdict.orders.clear();
    verdict.claims = {{pass_key, 2}};
    verdict.pass_places = std::move(places);
    return verdict;
}

}  // namespace

TEST_CASE("A vehicle takes a place of its pass with the permission, beside those that the database knows") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        return released_by_pass(facts, {{pass_key, UsageState::used, earlier_visit}});
    };
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 1);
    REQUIRE(bench.usage.size() == 1);
    CHECK(bench.usage.front().key == pass_key);
    CHECK(bench.usage.front().state == UsageState::reserved);
}

TEST_CASE("The last place of a pass that another lane takes meanwhile opens nothing") {
    LaneBench bench;
    bool taken = false;
    bench.decides = [&](const PassageFacts& facts) {
        if (taken) {
            return hold_for(ReasonCode::load_unknown);
        }
        taken = true;
        return released_by_pass(
            facts, {{pass_key, UsageState::used, earlier_visit}, {pass_key, UsageState::reserved, other_lane}});
    };
    bench.truck_arrives();
    CHECK(bench.asked.size() == 2);
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.usage.empty());
}

}  // namespace portcullis::lane
