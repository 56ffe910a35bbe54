#include "tests/unit/supervision/a_passage.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;

TEST_CASE("without an order, way, load and movement decide") {
    SECTION("a laden box that leaves is held (入境全申報)") {
        CHECK(outcome(decide(leaving(), {})) == "hold: order_missing");
    }
    SECTION("a laden export that comes in is admitted and recorded as unmatched (出境全監控)") {
        const auto verdict = decide(entering(), {});
        CHECK(outcome(verdict) == "release: unmatched");
        CHECK(verdict.movement == Movement::export_laden);
        CHECK(verdict.claims.empty());
    }
    SECTION("an empty needs the terminal's movement order") {
        auto facts = entering();
        facts.fullness = Fullness::empty;
        const auto verdict = decide(facts, {});
        CHECK(outcome(verdict) == "hold: order_missing");
        CHECK(verdict.movement == Movement::empty_in);
        CHECK(verdict.consents == std::vector<Consent>{{Authority{"terminal"}, ConsentState::missing}});
    }
    SECTION("no box passes on proof") {
        const auto verdict = decide(leaving({}), {});
        CHECK(outcome(verdict) == "release: no_box_proved");
        CHECK(verdict.movement == Movement::no_box);
    }
    SECTION("what no row names is held") {
        CHECK(outcome(evaluate({}, entering(), found({}), at(noon))) == "hold: order_missing");
        CHECK(outcome(evaluate({}, leaving({}), found({}), at(noon))) == "hold: policy_hold");
    }
    SECTION("also where an authority released it: no row says that its yes is enough") {
        auto order = release_order("R-1");
        CHECK(outcome(evaluate({}, leaving(), found({order}), at(noon))) == "hold: policy_hold order_released");
        release_of(order).movement = Movement::domestic;
        order.order.authority = Authority{"harbour_master"};
        const auto verdict = decide(leaving(), {order});
        CHECK(outcome(verdict) == "hold: policy_hold order_released");
        CHECK(verdict.claims.empty());
    }
    SECTION("a row may admit what is no export") {
        const Policy policy{{{{}, {}, {}, {}, WithoutOrder::release}}};
        CHECK(outcome(evaluate(policy_alone(policy), leaving(), found({}), at(noon))) == "release: policy_admit");
    }
    SECTION("the first row that matches wins") {
        const Policy policy{
            {{Way::out, Load::one_40, {}, {}, WithoutOrder::hold}, {Way::out, {}, {}, {}, WithoutOrder::release}}};
        CHECK(evaluate(policy_alone(policy), leaving(), found({}), at(noon)).outcome == VerdictOutcome::hold);
        auto facts = leaving();
        facts.load = Load::one_20;
        CHECK(evaluate(policy_alone(policy), facts, found({}), at(noon)).outcome == VerdictOutcome::release);
    }
}

TEST_CASE("silence of a reader is no proof that there is no box") {
    auto facts = leaving({});
    facts.load_source = GENERATE(LoadSource::trust_readers, LoadSource::none);
    const auto verdict = decide(facts, {});
    CHECK(outcome(verdict) == "hold: load_unknown");
    CHECK(verdict.movement == Movement::unknown);
}

TEST_CASE("a row that admits anything does not admit the unknown") {
    const Policy policy{{{{}, {}, {}, {}, WithoutOrder::release}}};
    SECTION("way") {
        auto facts = leaving();
        facts.way = Way::unknown;
        CHECK(reasons(evaluate(policy_alone(policy), facts, found({}), at(noon))) == "movement_unknown policy_admit");
    }
    SECTION("load") {
        auto facts = leaving();
        facts.load = Load::unknown;
        facts.boxes.reset();
        CHECK(evaluate(policy_alone(policy), facts, found({release_order("R-1")}), at(noon)).outcome ==
              VerdictOutcome::hold);
    }
}

TEST_CASE("a returned empty needs the terminal's order and a proof of emptiness") {
    auto facts = entering();
    const auto order = appointment("M-1", Movement::empty_in, box_a);
    CHECK(outcome(decide(facts, {order})) == "hold: empty_unproved order_released");
    facts.fullness = Fullness::full;
    CHECK(outcome(decide(facts, {order})) == "hold: empty_unproved order_released");
    facts.fullness = Fullness::empty;
    const auto verdict = decide(facts, {order});
    CHECK(outcome(verdict) == "release: order_released");
    CHECK(verdict.movement == Movement::empty_in);
    CHECK(verdict.claims.size() == 1);
}

TEST_CASE("an empty that leaves goes on an appointment for any box of its size") {
    auto facts = leaving();
    facts.fullness = Fullness::empty;
    auto order = appointment("M-1", Movement::empty_out);
    SECTION("by the tractor's plate") {
        const auto verdict = decide(facts, {order});
        CHECK(outcome(verdict) == "release: order_released");
        CHECK_FALSE(verdict.claims.at(0).key.container.has_value());
    }
    SECTION("not for another tractor") {
        facts.identity.tractor = plate("闽D98989");
        CHECK(outcome(decide(facts, {order})) == "hold: order_missing");
    }
    SECTION("of the size that it names") {
        std::get<MovementOrder>(order.order.body).size_type = "42G1";
        CHECK(outcome(decide(facts, {order})) == "hold: condition_unknown order_released");
        facts.identity.containers[0].size_type = "22G1";
        CHECK(outcome(decide(facts, {order})) == "hold: order_missing");
        facts.identity.containers[0].size_type = "42G1";
        CHECK(outcome(decide(facts, {order})) == "release: order_released");
        std::get<MovementOrder>(order.order.body).size_type = "42GP";
        CHECK(outcome(decide(facts, {order})) == "release: order_released");
    }
    SECTION("one box for each appointment") {
        auto twin = leaving({box_a, box_b});
        twin.fullness = Fullness::empty;
        CHECK(outcome(decide(twin, {order})) == "hold: order_missing order_released");
        CHECK(decide(twin, {order, appointment("M-2", Movement::empty_out)}).claims.size() == 2);
    }
    SECTION("both boxes of a vehicle for an appointment of two places") {
        auto twin = leaving({box_a, box_b});
        twin.fullness = Fullness::empty;
        order.order.uses = 2;
        const auto verdict = decide(twin, {order});
        CHECK(outcome(verdict) == "release: order_released");
        REQUIRE(verdict.claims.size() == 2);
        CHECK(verdict.claims[0].key == verdict.claims[1].key);
        CHECK(verdict.claims[0].place == 1);
        CHECK(verdict.claims[1].place == 2);
        const auto key = verdict.claims[0].key;
        order.usage = {{key, UsageState::reserved, passage_id(1), 1}, {key, UsageState::reserved, passage_id(1), 2}};
        CHECK(decide(twin, {order}).claims.size() == 2);  // both are its own
        order.usage = {{key, UsageState::used, passage_id(9), 1}};
        CHECK(outcome(decide(twin, {order})) == "hold: order_missing order_released");
        order.order.uses = 3;
        CHECK(outcome(decide(twin, {order})) == "release: order_released");
    }
}

TEST_CASE("an appointment for the way back says nothing about the way in") {
    CHECK(outcome(decide(entering({}), {appointment("M-1", Movement::empty_out)})) == "release: no_box_proved");
    CHECK(outcome(decide(entering(), {appointment("M-1", Movement::empty_out)})) == "release: unmatched");
}

TEST_CASE("who stands there must be known") {
    auto facts = leaving();
    auto orders = std::vector{release_order("R-1")};
    SECTION("no number read") {
        facts.identity.containers.clear();
        CHECK(outcome(decide(facts, orders)) == "hold: container_unread");
    }
    SECTION("no number read, and the readers were the word for the load") {
        facts.identity.containers.clear();
        facts.load = Load::unknown;
        facts.boxes.reset();
        CHECK(outcome(decide(facts, orders)) == "hold: load_unknown container_unread");
    }
    SECTION("a number with a defect") {
        facts.identity.containers.clear();
        facts.identity.invalid_containers = {"CSQU3054384"};
        CHECK(outcome(decide(facts, orders)) == "hold: container_invalid");
    }
    SECTION("a defect that another reading made good") {
        facts.identity.invalid_containers = {"CSQU3054384"};
        CHECK(outcome(decide(facts, orders)) == "release: order_released");
    }
    SECTION("more boxes than numbers") {
        facts.load = Load::two_20;
        facts.boxes = 2;
        CHECK(outcome(decide(facts, orders)) == "hold: boxes_differ order_released");
    }
    SECTION("more numbers than boxes") {
        facts = leaving({box_a, box_b});
        facts.load = Load::one_40;
        facts.boxes = 1;
        orders.push_back(release_order("R-2", box_b));
        CHECK(outcome(decide(facts, orders)) == "hold: boxes_differ order_released order_released");
    }
    SECTION("a number where beams see no box") {
        facts.load = Load::none;
        facts.boxes = 0;
        CHECK(outcome(decide(facts, orders)) == "hold: boxes_differ order_released");
    }
    SECTION("two sources count differently") {
        facts.boxes = 2;
        CHECK(outcome(decide(facts, orders)) == "hold: boxes_differ order_released");
    }
    SECTION("readers disagree about the number") {
        facts.identity.disagreements = {{ReadingKind::container, {"CSQU3054383", "MSKU0028235"}}};
        CHECK(outcome(decide(facts, orders)) == "hold: readers_disagree order_released");
    }
    SECTION("readers disagree about a seal: nothing that identifies") {
        facts.identity.disagreements = {{ReadingKind::seal, {"A", "B"}}};
        CHECK(outcome(decide(facts, orders)) == "release: order_released");
    }
    SECTION("no plate, and the lane requires one") {
        facts.identity.tractor.reset();
        orders[0].order.tractor_plates.clear();
        CHECK(outcome(decide(facts, orders)) == "hold: plate_unread order_released");
    }
}

TEST_CASE("a temporary plate is never released by itself, also where the order names it") {
    auto facts = leaving();
    auto orders = std::vector{release_order("R-1")};
    facts.identity.tractor = plate("闽D12345临");
    orders[0].order.tractor_plates = {plate("闽D12345临")};
    CHECK(outcome(decide(facts, orders)) == "hold: plate_temporary order_released");
    CHECK(decide(facts, orders).plate_on_order == PlateOnOrder::yes);
}

TEST_CASE("without a look-up nothing is released, and nothing is said about orders") {
    auto answer = found({release_order("R-1")});
    SECTION("it failed") {
        answer.failed = true;
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving(), answer, at(noon))) == "hold: lookup_failed");
    }
    SECTION("no batch was ever applied") {
        answer.empty_cache = true;
        CHECK(outcome(evaluate(policy_alone(default_policy()), entering(), answer, at(noon))) == "hold: orders_empty");
    }
    SECTION("no batch was ever applied, and no box is proved: that needs no order") {
        answer.empty_cache = true;
        answer.orders.clear();
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving({}), answer, at(noon))) ==
              "release: no_box_proved");
        CHECK(outcome(evaluate({}, leaving({}), answer, at(noon))) == "hold: policy_hold");
        auto unproved = leaving({});
        unproved.load_source = LoadSource::trust_readers;
        CHECK(outcome(evaluate(policy_alone(default_policy()), unproved, answer, at(noon))) ==
              "hold: orders_empty load_unknown");
        answer.failed = true;
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving({}), answer, at(noon))) ==
              "hold: lookup_failed");
    }
    SECTION("a gap is known") {
        answer.behind = true;
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving(), answer, at(noon))) ==
              "hold: orders_behind order_released");
    }
    SECTION("a gap is known in the batches of an authority whose word is needed") {
        answer.authorities_behind = {Authority{"ciq"}};
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving(), answer, at(noon))) ==
              "hold: orders_behind order_released");
    }
    SECTION("a gap is known in the batches of another authority") {
        answer.authorities_behind = {Authority{"terminal"}};
        CHECK(outcome(evaluate(policy_alone(default_policy()), leaving(), answer, at(noon))) ==
              "release: order_released");
    }
}

TEST_CASE("the cache is asked for every box and every plate") {
    auto facts = leaving({box_a, box_b});
    facts.identity.trailer = plate("闽D1234挂");
    facts.identity.other_plates = {plate("闽D98989")};
    const auto question = question_for(facts);
    CHECK(question.containers == std::vector{box(box_a), box(box_b)});
    CHECK(question.plates == std::vector{plate(truck), plate("闽D1234挂"), plate("闽D98989")});
    CHECK(question.control_point == ControlPoint{"g07"});
}
