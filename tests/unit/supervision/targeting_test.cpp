#include "tests/unit/supervision/a_passage.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

TEST_CASE("targeting is over release") {
    const TargetingMatch match{box(box_a), {}, {}, {}, {}};
    SECTION("hold") {
        const auto verdict = decide(leaving(), {release_order("R-1"), targeting("T-1", match, TargetingAction::hold)});
        CHECK(outcome(verdict) == "hold: targeting_hold order_released");
        CHECK(verdict.claims.empty());
    }
    SECTION("inspect, with its zone and methods") {
        const auto verdict =
            decide(leaving(), {release_order("R-1"), targeting("T-1", match, TargetingAction::inspect)});
        CHECK(outcome(verdict) == "inspect: targeting_inspect order_released");
        CHECK(verdict.zone == "Z2");
        CHECK(verdict.methods == std::vector<std::string>{"radiation"});
        CHECK(verdict.claims.empty());
    }
    SECTION("watch shows nothing at the gate") {
        const auto verdict = decide(leaving(), {release_order("R-1"), targeting("T-1", match, TargetingAction::watch)});
        CHECK(outcome(verdict) == "release: order_released");
        CHECK(verdict.orders.size() == 2);
    }
    SECTION("over a policy that admits") {
        CHECK(outcome(decide(entering(), {targeting("T-1", match, TargetingAction::hold)})) ==
              "hold: targeting_hold unmatched");
    }
}

TEST_CASE("every member that a targeting order names must match") {
    const auto [match, hits] = GENERATE(table<TargetingMatch, bool>({
        {{box(box_a), {}, {}, {}, {}}, true},
        {{box(box_b), {}, {}, {}, {}}, false},
        {{{}, plate(truck), {}, {}, {}}, true},
        {{{}, plate("闽D98989"), {}, {}, {}}, false},
        {{box(box_a), plate("闽D98989"), {}, {}, {}}, false},
        {{{}, {}, "3502960123", {}, {}}, true},
        {{{}, {}, "0000000000", {}, {}}, false},
        {{{}, {}, {}, "NO", {}}, true},
        {{{}, {}, {}, "JP", {}}, false},
        {{{}, {}, {}, {}, "0303"}, true},
        {{{}, {}, {}, {}, "0304"}, false},
        {{{}, {}, {}, "NO", "0303"}, true},
        {{{}, {}, {}, "JP", "0303"}, false},
    }));
    const auto verdict = decide(leaving(), {release_order("R-1"), targeting("T-1", match, TargetingAction::inspect)});
    CHECK(verdict.outcome == (hits ? VerdictOutcome::inspect : VerdictOutcome::release));
}

TEST_CASE("a targeting match that cannot be excluded acts, and says that it is unknown") {
    auto order = release_order("R-1");
    SECTION("origin not declared") {
        release_of(order).origin.reset();
        const auto verdict =
            decide(leaving(), {order, targeting("T-1", {{}, {}, {}, "JP", {}}, TargetingAction::hold)});
        CHECK(outcome(verdict) == "hold: targeting_hold order_released");
        CHECK(verdict.reasons[0].result == Tristate::unknown);
    }
    SECTION("goods known to fewer digits") {
        release_of(order).hs = {"0303"};
        const auto verdict =
            decide(leaving(), {order, targeting("T-1", {{}, {}, {}, {}, "030314"}, TargetingAction::inspect)});
        CHECK(outcome(verdict) == "inspect: targeting_inspect order_released");
    }
    SECTION("inside the clock's band") {
        auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::hold);
        target.order.valid_to = noon - 1min;
        CHECK(decide(leaving(), {order, target}, at(noon, 5min)).outcome == VerdictOutcome::hold);
    }
}

TEST_CASE("a targeting order that is not in force does nothing") {
    auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::hold);
    SECTION("over") {
        target.order.valid_to = noon - 1h;
    }
    SECTION("not begun") {
        target.order.valid_from = noon + 1h;
    }
    SECTION("revoked") {
        target.order.revoked = true;
    }
    SECTION("another gate") {
        target.order.gates = {"g01"};
    }
    CHECK(outcome(decide(leaving(), {release_order("R-1"), target})) == "release: order_released");
}

TEST_CASE("one targeted box of two is enough") {
    const auto verdict =
        decide(leaving({box_a, box_b}), {release_order("R-1"), release_order("R-2", box_b),
                                         targeting("T-1", {box(box_b), {}, {}, {}, {}}, TargetingAction::hold)});
    CHECK(verdict.outcome == VerdictOutcome::hold);
}

TEST_CASE("a plate that is targeted stops a vehicle without boxes") {
    const auto verdict = decide(leaving({}), {targeting("T-1", {{}, plate(truck), {}, {}, {}}, TargetingAction::hold)});
    CHECK(outcome(verdict) == "hold: targeting_hold no_box_proved");
}

TEST_CASE("what nobody declared finds no targeting order, and the verdict says so") {
    using Words = std::vector<std::string>;
    CHECK(decide(entering(), {}).missing == Words{"enterprise", "origin", "hs"});
    auto order = release_order("R-1");
    CHECK(decide(leaving(), {order}).missing.empty());
    release_of(order).origin.reset();
    CHECK(decide(leaving(), {order}).missing == Words{"origin"});
    SECTION("what another authority declares is declared") {
        auto customs = release_order("C-1");
        customs.order.authority = Authority{"customs"};
        CHECK(decide(leaving(), {order, customs}).missing.empty());
    }
    SECTION("an empty box and a vehicle without one carry nothing to declare") {
        auto facts = leaving();
        facts.fullness = Fullness::empty;
        CHECK(decide(facts, {appointment("M-1", Movement::empty_out)}).missing.empty());
        CHECK(decide(leaving({}), {}).missing.empty());
    }
}

TEST_CASE("a targeting order may match at one confusable character, and then the vehicle is inspected") {
    const TargetingMatch match{box("MSCU6639870"), {}, {}, {}, {}};
    auto facts = leaving();
    facts.identity.invalid_containers = {"MSCU66398T0"};  // a second reader took 7 for T
    const auto action = GENERATE(TargetingAction::hold, TargetingAction::inspect);
    const auto verdict = decide(facts, {release_order("R-1"), targeting("T-1", match, action)});
    CHECK(outcome(verdict) == "inspect: targeting_near order_released");
    CHECK(verdict.zone == "Z2");
    CHECK(verdict.claims.empty());
    SECTION("not at two characters") {
        facts.identity.invalid_containers = {"MSCU6639BT0"};
        CHECK(decide(facts, {release_order("R-1"), targeting("T-1", match, action)}).outcome ==
              VerdictOutcome::release);
    }
    SECTION("watch shows nothing at the gate") {
        CHECK(decide(facts, {release_order("R-1"), targeting("T-1", match, TargetingAction::watch)}).outcome ==
              VerdictOutcome::release);
    }
    SECTION("what else it names must match") {
        auto other = match;
        other.plate = plate("闽D98989");
        CHECK(decide(facts, {release_order("R-1"), targeting("T-1", other, action)}).outcome ==
              VerdictOutcome::release);
    }
}

TEST_CASE("a number that was read exactly is no near miss") {
    auto facts = leaving();
    facts.identity.invalid_containers = {"CSQU3O54383"};
    const auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::hold);
    CHECK(outcome(decide(facts, {release_order("R-1"), target})) == "hold: targeting_hold order_released");
}

TEST_CASE("where no number could be read, one that is near says which order it may be") {
    auto facts = leaving();
    facts.identity.containers.clear();
    facts.identity.invalid_containers = {"CSQU3O54383"};
    const auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::hold);
    CHECK(outcome(decide(facts, {target})) == "hold: container_invalid targeting_near");
}

TEST_CASE("a plate is near at one serial character") {
    const auto target = targeting("T-1", {{}, plate("闽D12845"), {}, {}, {}}, TargetingAction::hold);
    auto facts = leaving();
    auto order = release_order("R-1");
    order.order.tractor_plates.clear();
    facts.identity.tractor = plate("闽D12B45");
    CHECK(outcome(decide(facts, {order, target})) == "inspect: targeting_near order_released");
    facts.identity.tractor = plate("闽D12345");
    CHECK(outcome(decide(facts, {order, target})) == "release: order_released");
    facts.required = {};
    facts.identity.tractor.reset();
    facts.identity.invalid_plates = {"闽DI2845"};
    CHECK(outcome(decide(facts, {order, target})) == "inspect: targeting_near order_released");
}

TEST_CASE("where neither the number was read nor the plate right, what is near is enough") {
    auto facts = leaving();
    facts.identity.containers.clear();
    facts.identity.invalid_containers = {"CSQU3O54383"};
    facts.identity.tractor = plate("闽D12B45");
    const auto target = targeting("T-1", {box(box_a), plate("闽D12845"), {}, {}, {}}, TargetingAction::hold);
    CHECK(outcome(decide(facts, {target})) == "hold: container_invalid targeting_near");
}

TEST_CASE("the cache is asked for what is near, and no order but targeting is found so") {
    auto facts = leaving();
    facts.identity.tractor = plate("闽D12B45");
    facts.identity.invalid_containers = {"MSCU66398T0", "CSQU3O54383", "MSCU66398T0"};
    const auto question = question_for(facts);
    CHECK(question.near_containers == std::vector{box("MSCU6639870")});
    CHECK(question.near_plates ==
          std::vector{plate("闽D72B45"), plate("闽D1ZB45"), plate("闽D12845"), plate("闽D12B4S")});
    facts.identity.containers.clear();
    facts.load = Load::one_40;
    auto appointed = appointment("M-1", Movement::domestic);
    appointed.order.tractor_plates = {plate("闽D12845")};
    const auto verdict = decide(facts, {release_order("R-1", "MSCU6639870"), appointed});
    CHECK(verdict.orders.empty());
    CHECK(outcome(verdict) == "hold: container_invalid");
}

TEST_CASE("what is near stays bounded") {
    auto facts = leaving();
    for (int i = 0; i < 64; ++i) {
        facts.identity.other_plates.push_back(plate("闽D1" + std::to_string(1000 + i)));
    }
    CHECK(question_for(facts).near_plates.size() == 32);
}
