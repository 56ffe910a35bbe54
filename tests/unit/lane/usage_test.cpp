#include "lane/usage.hpp"

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

const PassageId truck_1{{0xff, 1}};
const PassageId truck_2{{0xff, 2}};

UsageKey key(const char* order = "R-1") {
    return {Authority{"ciq"}, OrderId{order}, ContainerNumber::parse(a_box).value(), ControlPoint{"g07"}};
}

TEST_CASE("a place that one lane reserves is taken for every other", "[usage]") {
    UsageLedger ledger;
    CHECK(ledger.reserve({key(), 1}, {}, truck_1));
    CHECK_FALSE(ledger.reserve({key(), 1}, {}, truck_2));
    CHECK(ledger.reserve({key(), 1}, {}, truck_1));  // its own, once
    CHECK(ledger.reserve({key(), 2}, {}, truck_2));  // two places
    CHECK(ledger.reserve({key("R-2"), 1}, {}, truck_2));
}

TEST_CASE("what the database said counts, unless it changed since", "[usage]") {
    UsageLedger ledger;
    const std::vector<Usage> found{{key(), UsageState::used, truck_1}};
    CHECK_FALSE(ledger.reserve({key(), 1}, found, truck_2));
    CHECK_FALSE(ledger.reserve({key(), 1}, found, truck_1));  // used is used, also by itself

    const std::vector<Usage> stale{{key(), UsageState::reserved, truck_1}};
    ledger.give_back(key(), truck_1);
    CHECK(ledger.reserve({key(), 1}, stale, truck_2));
}

TEST_CASE("a look-up's answer is corrected before it is evaluated", "[usage]") {
    UsageLedger ledger;
    REQUIRE(ledger.reserve({key(), 1}, {}, truck_1));
    OrdersFound found;
    found.orders.resize(1);
    found.orders[0].order.authority = Authority{"ciq"};
    found.orders[0].order.id = OrderId{"R-1"};
    ledger.overlay(found, ControlPoint{"g07"});
    REQUIRE(found.orders[0].usage.size() == 1);
    CHECK(found.orders[0].usage[0].state == UsageState::reserved);
    ledger.give_back(key(), truck_1);
    ledger.overlay(found, ControlPoint{"g07"});
    CHECK(found.orders[0].usage.empty());
    ledger.use(key(), truck_2);
    ledger.overlay(found, ControlPoint{"g08"});
    CHECK(found.orders[0].usage.empty());  // places belong to a control point
}

TEST_CASE("the ledger stays small over years, and never forgets a reservation", "[usage]") {
    UsageLedger ledger;
    REQUIRE(ledger.reserve({key("held"), 1}, {}, truck_1));
    for (int i = 0; i < 10'000; ++i) {
        const auto order = key(("R-" + std::to_string(i)).c_str());
        REQUIRE(ledger.reserve({order, 1}, {}, truck_2));
        ledger.use(order, truck_2);
    }
    CHECK(ledger.size() < 1100);
    CHECK_FALSE(ledger.reserve({key("held"), 1}, {}, truck_2));
}

TEST_CASE("two lanes, one order: the second truck asks again and is held", "[usage]") {
    LaneBench first;
    // The place goes to another lane between verdict and permission.
    bool taken = false;
    first.decides = [&](const PassageFacts& facts) {
        if (taken) {
            return hold_for(ReasonCode::order_reserved);
        }
        auto verdict = release_of(facts);
        verdict.orders.front().usage.push_back({verdict.claims.front().key, UsageState::reserved, truck_2});
        taken = true;
        return verdict;
    };
    first.truck_arrives();
    CHECK(first.asked.size() == 2);
    CHECK(first.state() == PassageState::referred);
    CHECK(first.commanded(Role::arm_up) == 0);
    CHECK(first.usage.empty());
}

TEST_CASE("a passage holds two places of an order for its two boxes, and each is its own", "[usage]") {
    UsageLedger ledger;
    CHECK(ledger.reserve({key(), 2, 1}, {}, truck_1));
    CHECK(ledger.reserve({key(), 2, 2}, {}, truck_1));
    CHECK(ledger.reserve({key(), 2, 2}, {}, truck_1));  // its own, once
    CHECK_FALSE(ledger.reserve({key(), 2, 1}, {}, truck_2));
    CHECK(ledger.taken(key(), {}).size() == 2);
    ledger.give_back(key(), truck_1, 2);
    CHECK(ledger.reserve({key(), 2, 1}, {}, truck_2));
    CHECK_FALSE(ledger.reserve({key(), 2, 2}, {}, truck_1));
    OrdersFound found;
    found.orders.resize(1);
    found.orders[0].order.authority = Authority{"ciq"};
    found.orders[0].order.id = OrderId{"R-1"};
    found.orders[0].usage = {{key(), UsageState::reserved, truck_1, 1}, {key(), UsageState::reserved, truck_1, 2}};
    ledger.overlay(found, ControlPoint{"g07"});
    CHECK(found.orders[0].usage ==
          std::vector<Usage>{{key(), UsageState::reserved, truck_1, 1}, {key(), UsageState::reserved, truck_2, 1}});
}

namespace {

/// Both boxes go on one appointment that names none.
Verdict on_one_order(const PassageFacts& facts, int uses) {
    auto verdict = release_of(facts);
    REQUIRE(verdict.claims.size() == 2);
    const UsageKey shared{Authority{"terminal"}, OrderId{"M-1"}, std::nullopt, facts.control_point};
    verdict.claims = {{shared, uses, 1}, {shared, uses, 2}};
    return verdict;
}

LaneSettings lane_with_two_readers() {
    auto settings = out_lane();
    settings.roles.insert(Role::container_front);
    return settings;
}

void twin_arrives(LaneBench& bench, int uses) {
    bench.decides = [uses](const PassageFacts& facts) { return on_one_order(facts, uses); };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
}

}  // namespace

TEST_CASE("a twin takes two places of one order, keeps them over a restart, and uses both", "[usage]") {
    LaneBench bench(lane_with_two_readers());
    twin_arrives(bench, 2);
    REQUIRE(bench.commanded(Role::arm_up) == 1);
    REQUIRE(bench.usage.size() == 2);
    CHECK(bench.usage[0].place == 1);
    CHECK(bench.usage[1].place == 2);
    CHECK(bench.count("order.reserved") == 2);
    CHECK(bench.last("order.reserved").find("place")->get<std::int64_t>() != nullptr);
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.after(2s);
    SECTION("it drives through") {}
    SECTION("the process ends under it, and begins anew") {
        bench.restart();
        bench.off(Role::arrival_loop);
        bench.on(Role::arm_loop);
        bench.off(Role::exit_loop);
        bench.off(Role::arm_closed_limit);
        bench.on(Role::arm_open_limit);
    }
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(2s);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.count("order.used") == 2);
    REQUIRE(bench.usage.size() == 2);
    CHECK(bench.usage[0].state == UsageState::used);
    CHECK(bench.usage[1].state == UsageState::used);
    CHECK(bench.usage[0].place + bench.usage[1].place == 3);
}

TEST_CASE("a twin for whose second box no place is left takes none", "[usage]") {
    LaneBench bench(lane_with_two_readers());
    twin_arrives(bench, 1);
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.usage.empty());
    CHECK(bench.count("order.reserved") == 0);
    CHECK(bench.state() == PassageState::referred);
}

TEST_CASE("a twin with one place gone takes none", "[usage]") {
    auto settings = out_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    bench.decides = [&](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        REQUIRE(verdict.claims.size() == 2);
        verdict.orders.back().usage.push_back({verdict.claims.back().key, UsageState::used, truck_2});
        return verdict;
    };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.usage.empty());
    CHECK(bench.count("order.reserved") == 0);
    // The other place is not lost with it.
    bench.off(Role::arrival_loop);
    bench.after(6s);
    REQUIRE(bench.open() == 0);
    bench.decides = release_of;
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.after(9s);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

}  // namespace
}  // namespace portcullis::lane
