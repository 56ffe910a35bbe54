#include "tests/unit/supervision/a_passage.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

Usage place(const FoundOrder& found, UsageState state, std::uint8_t passage, const std::string& point = "g07") {
    const auto& order = found.order;
    return {{order.authority, order.id, order.release()->container, ControlPoint{point}}, state, passage_id(passage)};
}

}  // namespace

TEST_CASE("a released box with its order, plate, way and gate is released and takes one place") {
    const auto verdict = decide(leaving(), {release_order("R-1")});
    CHECK(outcome(verdict) == "release: order_released");
    CHECK(verdict.movement == Movement::import_laden);
    CHECK(verdict.plate_on_order == PlateOnOrder::yes);
    CHECK(verdict.order_cursor == 7);
    CHECK(verdict.consents == std::vector<Consent>{{Authority{"ciq"}, ConsentState::given}});
    REQUIRE(verdict.claims.size() == 1);
    CHECK(verdict.claims[0] == UsageClaim{{Authority{"ciq"}, OrderId{"R-1"}, box(box_a), ControlPoint{"g07"}}, 1});
    REQUIRE(verdict.reasons.size() == 1);
    CHECK(verdict.reasons[0].id == "R-1");
    CHECK(verdict.reasons[0].authority == Authority{"ciq"});
}

TEST_CASE("what the authority said decides") {
    const auto [status, expected] = GENERATE(table<ReleaseStatus, std::string>({
        {ReleaseStatus::released, "release: order_released"},
        {ReleaseStatus::inspect, "inspect: order_inspect"},
        {ReleaseStatus::treat, "inspect: order_treat"},
        {ReleaseStatus::return_, "hold: order_return"},
        {ReleaseStatus::held, "hold: order_held"},
        {ReleaseStatus::revoked, "hold: order_revoked"},
    }));
    const auto verdict = decide(leaving(), {release_order("R-1", box_a, status)});
    CHECK(outcome(verdict) == expected);
    CHECK(verdict.claims.empty() == (status != ReleaseStatus::released));
}

TEST_CASE("a revoked order holds, also when it said released before") {
    auto order = release_order("R-1");
    order.order.revoked = true;
    CHECK(outcome(decide(leaving(), {order})) == "hold: order_revoked");
}

TEST_CASE("a revocation is over everything older and under everything newer") {
    auto revoked = release_order("R-1");
    revoked.order.revoked = true;
    auto release = release_order("R-2");
    SECTION("an older release does not help") {
        release.order.decided = revoked.order.decided - 1h;
        CHECK(decide(leaving(), {revoked, release}).outcome == VerdictOutcome::hold);
    }
    SECTION("nor does one of the same moment") {
        CHECK(decide(leaving(), {revoked, release}).outcome == VerdictOutcome::hold);
    }
    SECTION("a newer release replaces it") {
        release.order.decided = revoked.order.decided + 1h;
        const auto verdict = decide(leaving(), {revoked, release});
        CHECK(outcome(verdict) == "release: order_released");
        CHECK(verdict.orders.size() == 2);
    }
}

TEST_CASE("an order speaks for its time, with the clock's error band") {
    const auto [offset, band, expected] = GENERATE(table<std::chrono::hours, std::chrono::milliseconds, std::string>({
        {0h, 0ms, "release: order_released"},
        {12h, 0ms, "release: order_released"},
        {13h, 0ms, "hold: order_expired order_released"},
        {-13h, 0ms, "hold: order_not_yet_valid order_released"},
        {0h, 1h, "release: order_released"},
        {13h, 2h, "hold: clock_band order_released"},
        {11h, 2h, "hold: clock_band order_released"},
        {-11h, 2h, "hold: clock_band order_released"},
        {15h, 2h, "hold: order_expired order_released"},
        {-15h, 2h, "hold: order_not_yet_valid order_released"},
    }));
    CHECK(outcome(decide(leaving(), {release_order("R-1")}, at(noon + offset, band))) == expected);
}

TEST_CASE("an order whose end nobody said admits nobody: nothing admits for ever") {
    auto order = release_order("R-1");
    order.order.valid_to.reset();
    const auto verdict = decide(leaving(), {order});
    CHECK(outcome(verdict) == "hold: condition_unknown order_released");
    CHECK(verdict.missing == std::vector<std::string>{"valid_to"});
    auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::inspect);
    target.order.valid_to.reset();
    CHECK(outcome(decide(leaving(), {release_order("R-1"), target}, at(noon))) ==
          "inspect: targeting_inspect order_released");
}

TEST_CASE("an order whose movement nobody said admits nobody") {
    auto order = release_order("R-1");
    release_of(order).movement = Movement::unknown;
    const auto verdict = decide(leaving(), {order});
    CHECK(verdict.outcome == VerdictOutcome::hold);
    CHECK(verdict.reasons.front().code == ReasonCode::movement_unknown);
}

TEST_CASE("an order speaks for its way, gate and control point") {
    auto order = release_order("R-1");
    SECTION("another way") {
        release_of(order).movement = Movement::export_laden;
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_other_way order_released");
    }
    SECTION("either way") {
        release_of(order).movement = Movement::transhipment;
        CHECK(outcome(decide(leaving(), {order})) == "release: order_released");
        CHECK(outcome(decide(entering(), {order})) == "release: order_released");
    }
    SECTION("another gate") {
        order.order.gates = {"g01"};
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_other_gate order_released");
    }
    SECTION("this gate among others") {
        order.order.gates = {"g01", "g07"};
        CHECK(outcome(decide(leaving(), {order})) == "release: order_released");
    }
    SECTION("another control point") {
        order.order.control_points = {ControlPoint{"yard"}};
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_other_gate order_released");
    }
}

TEST_CASE("plates constrain only where the order names some") {
    auto order = release_order("R-1");
    auto facts = leaving();
    facts.required = {Identity::container};
    SECTION("no plate named: read or not, all the same") {
        order.order.tractor_plates.clear();
        facts.identity.tractor.reset();
        const auto verdict = decide(facts, {order});
        CHECK(outcome(verdict) == "release: order_released");
        CHECK(verdict.plate_on_order == PlateOnOrder::not_constrained);
    }
    SECTION("another plate") {
        facts.identity.tractor = plate("闽D98989");
        const auto verdict = decide(facts, {order});
        CHECK(outcome(verdict) == "hold: plate_not_on_order order_released");
        CHECK(verdict.plate_on_order == PlateOnOrder::no);
    }
    SECTION("plate unread") {
        facts.identity.tractor.reset();
        const auto verdict = decide(facts, {order});
        CHECK(outcome(verdict) == "hold: plate_unread order_released");
        CHECK(verdict.plate_on_order == PlateOnOrder::unknown);
        CHECK(verdict.missing == std::vector<std::string>{"plate"});
    }
    SECTION("either plate of a cross-border vehicle") {
        facts.identity.tractor = plate("粤Z7C59港");
        facts.identity.home_plate = plate("FV123");
        facts.identity.other_plates = {plate("FV123")};
        order.order.tractor_plates = {plate("FV123")};
        CHECK(outcome(decide(facts, {order})) == "release: order_released");
        order.order.tractor_plates = {plate("粤Z7C59港")};
        CHECK(outcome(decide(facts, {order})) == "release: order_released");
        order.order.tractor_plates = {plate(truck)};
        CHECK(outcome(decide(facts, {order})) == "hold: plate_not_on_order order_released");
    }
    SECTION("a plate that was outvoted permits nothing") {
        facts.identity.tractor = plate("闽D98989");
        facts.identity.other_plates = {plate(truck)};
        CHECK(outcome(decide(facts, {order})) == "hold: plate_not_on_order order_released");
    }
    SECTION("a trailer's plate is no tractor's") {
        order.order.trailer_plates = {plate("闽D1234挂")};
        CHECK(outcome(decide(facts, {order})) == "hold: plate_unread order_released");
        facts.identity.trailer = plate("闽D1234挂");
        CHECK(outcome(decide(facts, {order})) == "release: order_released");
    }
}

TEST_CASE("a place that another passage holds is not free") {
    auto order = release_order("R-1");
    SECTION("reserved") {
        order.usage = {place(order, UsageState::reserved, 9)};
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_reserved order_released");
    }
    SECTION("used") {
        order.usage = {place(order, UsageState::used, 9)};
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_used order_released");
    }
    SECTION("reserved by this passage is its own") {
        order.usage = {place(order, UsageState::reserved, 1)};
        CHECK(outcome(decide(leaving(), {order})) == "release: order_released");
    }
    SECTION("one of two places is left") {
        order.order.uses = 2;
        order.usage = {place(order, UsageState::used, 9)};
        const auto verdict = decide(leaving(), {order});
        CHECK(outcome(verdict) == "release: order_released");
        CHECK(verdict.claims.at(0).uses == 2);
        order.usage.push_back(place(order, UsageState::reserved, 8));
        CHECK(outcome(decide(leaving(), {order})) == "hold: order_reserved order_released");
    }
    SECTION("at another control point it is another place") {
        order.usage = {place(order, UsageState::used, 9, "yard")};
        CHECK(outcome(decide(leaving(), {order})) == "release: order_released");
    }
}

TEST_CASE("an authority's newer release replaces one that this passage cannot use") {
    auto spent = release_order("R-1");
    spent.usage = {place(spent, UsageState::used, 9)};
    CHECK(outcome(decide(leaving(), {spent, release_order("R-2")})) == "release: order_released");
    auto late = release_order("R-3");
    late.order.valid_to = noon - 1h;
    CHECK(outcome(decide(leaving(), {late, release_order("R-2")})) == "release: order_released");
}

TEST_CASE("hold of any wins, also within one authority, and all reasons stay") {
    const auto verdict = decide(leaving(), {release_order("R-1"), release_order("R-2", box_a, ReleaseStatus::held),
                                            release_order("R-3", box_a, ReleaseStatus::inspect)});
    CHECK(outcome(verdict) == "hold: order_held order_inspect order_released");
    CHECK(verdict.consents == std::vector<Consent>{{Authority{"ciq"}, ConsentState::refused}});
    CHECK(verdict.claims.empty());
}

TEST_CASE("every needed consent must be there") {
    auto policy = default_policy();
    policy.rows[0].consents.push_back(Authority{"customs"});
    auto customs = release_order("C-1");
    customs.order.authority = Authority{"customs"};
    const auto one = evaluate(policy_alone(policy), leaving(), found({release_order("R-1")}), at(noon));
    CHECK(outcome(one) == "hold: consent_missing order_released");
    CHECK(one.reasons[0].authority == Authority{"customs"});
    const auto both = evaluate(policy_alone(policy), leaving(), found({release_order("R-1"), customs}), at(noon));
    CHECK(outcome(both) == "release: order_released order_released");
    CHECK(both.claims.size() == 2);
    release_of(customs).status = ReleaseStatus::held;
    const auto refused = evaluate(policy_alone(policy), leaving(), found({release_order("R-1"), customs}), at(noon));
    CHECK(outcome(refused) == "hold: order_held order_released");
    CHECK(refused.consents[1].state == ConsentState::refused);
}

TEST_CASE("a consent that the policy needs is needed also where it admits without an order") {
    Policy policy{{{Way::in, {}, {}, {Authority{"ciq"}}, WithoutOrder::release}}};
    CHECK(outcome(evaluate(policy_alone(policy), entering(), found({}), at(noon))) ==
          "hold: consent_missing unmatched");
}

TEST_CASE("a condition of an unknown kind is unknown, and unknown never releases") {
    auto order = release_order("R-1");
    release_of(order).conditions = {{"moon_phase", R"({"kind":"moon_phase"})"}};
    const auto verdict = decide(leaving(), {order});
    CHECK(outcome(verdict) == "hold: condition_unknown order_released");
    REQUIRE(verdict.conditions.size() == 1);
    CHECK(verdict.conditions[0].kind == "moon_phase");
    CHECK(verdict.conditions[0].state == Tristate::unknown);
}

TEST_CASE("several boxes: the strictest, each its own order") {
    SECTION("both released") {
        const auto verdict = decide(leaving({box_a, box_b}), {release_order("R-1"), release_order("R-2", box_b)});
        CHECK(verdict.outcome == VerdictOutcome::release);
        CHECK(verdict.claims.size() == 2);
    }
    SECTION("one held") {
        const auto verdict =
            decide(leaving({box_a, box_b}), {release_order("R-1"), release_order("R-2", box_b, ReleaseStatus::held)});
        CHECK(outcome(verdict) == "hold: order_held order_released");
        CHECK(verdict.claims.empty());
    }
    SECTION("one without an order") {
        CHECK(outcome(decide(leaving({box_a, box_b}), {release_order("R-1")})) == "hold: order_missing order_released");
    }
}

TEST_CASE("the order in which a cache finds orders changes nothing") {
    const std::vector<FoundOrder> orders{release_order("R-1"), release_order("R-2", box_a, ReleaseStatus::held),
                                         targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::inspect)};
    const auto forward = decide(leaving(), orders);
    const auto backward = decide(leaving(), {orders.rbegin(), orders.rend()});
    CHECK(forward.reasons == backward.reasons);
    CHECK(outcome(forward) == "hold: order_held targeting_inspect order_released");
}

TEST_CASE("an import release that was used does not stop the box that comes back for export") {
    auto spent = release_order("R-1");
    spent.usage = {place(spent, UsageState::used, 9)};
    CHECK(outcome(decide(entering(), {spent})) == "release: unmatched");
    spent.usage.clear();
    CHECK(outcome(decide(entering(), {spent})) == "hold: order_other_way order_released");
}

TEST_CASE("an order's movement is checked against what is seen") {
    auto facts = leaving();
    facts.fullness = Fullness::empty;
    CHECK(outcome(decide(facts, {release_order("R-1")})) == "hold: movement_unknown order_released");
}
