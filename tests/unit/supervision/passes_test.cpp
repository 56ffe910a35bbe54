#include "supervision/passes.hpp"

#include "supervision/evaluate.hpp"
#include "supervision/explain.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::supervision::testing {
namespace {

KnownPass pass_of(const std::string& id) {
    KnownPass known{{id, PassKind::standing, plate(truck)}};
    known.pass.valid_from = noon - std::chrono::hours{24};
    known.pass.valid_to = noon + std::chrono::hours{24};
    return known;
}

PassageFacts with_passes(PassageFacts facts, std::vector<KnownPass> passes) {
    facts.measures.passes = KnownPasses{1, noon + std::chrono::hours{48}, std::move(passes)};
    return facts;
}

PassageFacts with_pass(PassageFacts facts) {
    return with_passes(std::move(facts), {pass_of("P-1")});
}

DecisionBasis at_noon(std::chrono::milliseconds band = {}) {
    DecisionBasis basis;
    basis.now.wall = noon;
    basis.clock_band = band;
    basis.link_up = true;
    basis.ruleset_state = DocumentState::fresh;
    return basis;
}

PassFound asked(const PassageFacts& facts, std::chrono::milliseconds band = {}) {
    return pass_for(ruleset({}), facts, at_noon(band));
}

/// Silence of the readers in a lane that takes what they read for the load.
PassageFacts unread(PassageFacts facts) {
    facts.load = Load::unknown;
    facts.load_source = LoadSource::none;
    facts.boxes.reset();
    facts.identity.containers.clear();
    return facts;
}

/// Nothing is released without an order.
Ruleset strict(std::vector<Rule> rules = {}) {
    auto strict = ruleset(std::move(rules));
    strict.policy.rows = {{{}, {}, {}, {}, WithoutOrder::hold}};
    return strict;
}

Verdict decided(const Ruleset& ruleset, const PassageFacts& facts, std::vector<FoundOrder> orders = {}) {
    OrdersFound found;
    found.cursor = 1;
    found.state = DocumentState::fresh;
    found.orders = std::move(orders);
    return evaluate(ruleset, facts, std::move(found), at_noon());
}

std::vector<std::string> codes(const Verdict& verdict) {
    std::vector<std::string> codes;
    for (const auto& reason : verdict.reasons) {
        codes.emplace_back(text_of(reason.code));
    }
    return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("A pass lets its vehicle in whatever is known of its load") {
    CHECK(asked(with_pass(entering({}))).admits());
    CHECK(asked(with_pass(unread(entering({})))).admits());
    CHECK(asked(with_pass(entering())).admits());
    CHECK(asked(with_pass(entering({}))).known->pass.id == "P-1");
}

TEST_CASE("A pass never opens a lane that leads out unless the load is proved to be none") {
    CHECK(asked(with_pass(leaving({}))).admits());
    auto silent = with_pass(leaving({}));
    silent.load_source = LoadSource::trust_readers;
    CHECK(asked(silent).state == PassState::loaded);
    for (const auto load : {Load::one_20, Load::one_40, Load::two_20, Load::unknown}) {
        auto facts = with_pass(leaving({}));
        facts.load = load;
        INFO(text_of(load));
        CHECK(asked(facts).state == PassState::loaded);
        facts.way = Way::unknown;
        CHECK(asked(facts).state == PassState::loaded);
    }
}

TEST_CASE("A pass is for its plate alone, which may be a cross-border vehicle's plate of home") {
    auto other = with_pass(entering({}));
    other.identity.tractor = plate("闽D54321");
    CHECK(asked(other).state == PassState::none);
    other.identity.home_plate = plate(truck);
    CHECK(asked(other).admits());
    other.identity.tractor.reset();
    CHECK(asked(other).state == PassState::none);
}

TEST_CASE("A pass holds from its begin to before its end and only where the clock is sure of it") {
    auto pass = pass_of("P-1");
    pass.pass.valid_from = noon;
    CHECK(asked(with_passes(entering({}), {pass})).admits());
    CHECK(asked(with_passes(entering({}), {pass}), std::chrono::seconds{1}).state == PassState::not_in_force);
    pass.pass.valid_from = noon - std::chrono::hours{1};
    pass.pass.valid_to = noon;
    CHECK(asked(with_passes(entering({}), {pass})).state == PassState::not_in_force);
    auto facts = with_pass(entering({}));
    facts.measures.passes->expires = noon;
    CHECK(asked(facts).state == PassState::list_expired);
}

TEST_CASE("A pass holds at its hours and in its lanes") {
    auto pass = pass_of("P-1");
    pass.pass.lanes = {LaneName{"in-1"}};
    CHECK(asked(with_passes(entering({}), {pass})).state == PassState::other_lane);
    pass.pass.lanes.emplace_back("out-1");
    pass.pass.hours = DayWindow{22 * 60, 6 * 60};
    auto facts = with_passes(entering({}), {pass});
    facts.measures.minute_of_day = 12 * 60;
    CHECK(asked(facts).state == PassState::other_hours);
    facts.measures.minute_of_day = 23 * 60;
    CHECK(asked(facts).admits());
    facts.measures.minute_of_day.reset();
    CHECK(asked(facts).state == PassState::other_hours);
}

TEST_CASE("Of several passes of one vehicle the one that admits speaks whatever their order") {
    auto elsewhere = pass_of("P-1");
    elsewhere.pass.lanes = {LaneName{"in-9"}};
    auto over = pass_of("P-2");
    over.pass.valid_to = noon - std::chrono::hours{1};
    const auto good = pass_of("P-3");
    CHECK(asked(with_passes(entering({}), {elsewhere, over, good})).known->pass.id == "P-3");
    CHECK(asked(with_passes(entering({}), {good, over, elsewhere})).known->pass.id == "P-3");
    const auto facts = with_passes(entering({}), {over, elsewhere});
    CHECK(asked(facts).state == PassState::other_lane);
    const auto explained = explain_passes(facts, at_noon());
    REQUIRE(explained.size() == 2);
    CHECK(explained[0].state == PassState::not_in_force);
    CHECK(explained[1].state == PassState::other_lane);
}

TEST_CASE("A vehicle of which nothing is known but its pass is let in and judged as one without a box") {
    const auto facts = unread(entering({}));
    CHECK(codes(decided(strict(), facts)) == Codes{"load_unknown", "container_unread"});
    const auto verdict = decided(strict(), with_pass(facts));
    CHECK(verdict.outcome == VerdictOutcome::release);
    CHECK(codes(verdict) == Codes{"pass_admitted"});
    CHECK(verdict.reasons.front().kind == ReasonKind::pass);
    CHECK(verdict.reasons.front().id == "P-1");
    CHECK(verdict.claims.empty());
    REQUIRE(verdict.boxes.size() == 1);
    CHECK_FALSE(verdict.boxes.front().container);
}

TEST_CASE("What was seen of a box is not hidden by a pass") {
    auto defective = with_pass(unread(entering({})));
    defective.identity.invalid_containers = {"CSQU3O54383"};
    CHECK(codes(decided(strict(), defective)) == Codes{"load_unknown", "container_invalid"});
    auto laden = with_pass(entering({}));
    laden.load = Load::one_40;
    laden.boxes = 1;
    CHECK(codes(decided(strict(), laden)) == Codes{"container_unread"});
    auto out = with_pass(unread(leaving({})));
    CHECK(decided(strict(), out).outcome == VerdictOutcome::hold);
}

TEST_CASE("A box without an order comes in by the vehicle's pass and stays unmatched") {
    CHECK(codes(decided(strict(), entering())) == Codes{"order_missing"});
    const auto verdict = decided(strict(), with_pass(entering()));
    CHECK(codes(verdict) == Codes{"pass_admitted"});
    CHECK(verdict.boxes.front().coverage == BoxCoverage::unmatched);
    CHECK(decided(strict(), with_pass(leaving())).outcome == VerdictOutcome::hold);
}

TEST_CASE("A pass stands in for nothing that somebody has said") {
    const auto facts = with_pass(entering());
    auto held = release_order("R-1", box_a, ReleaseStatus::held);
    std::get<ReleaseOrder>(held.order.body).movement = Movement::export_laden;
    CHECK(decided(strict(), facts, {held}).outcome == VerdictOutcome::hold);
    TargetingMatch match;
    match.plate = plate(truck);
    const auto targeted = decided(strict(), facts, {targeting("T-1", match, TargetingAction::hold)});
    CHECK(codes(targeted) == Codes{"targeting_hold", "pass_admitted"});
    CHECK(targeted.outcome == VerdictOutcome::hold);
    CHECK(targeted.claims.empty());
    auto suspect = facts;
    suspect.measures.radiation = RadiationState::high;
    CHECK(decided(strict(), suspect).outcome == VerdictOutcome::hold);
    auto disputed = facts;
    disputed.identity.disagreements = {{ReadingKind::plate, {truck, "闽D12346"}}};
    CHECK(decided(strict(), disputed).outcome == VerdictOutcome::hold);
}

TEST_CASE("Every rule is asked of a vehicle with a pass") {
    const auto watched = strict({rule("R-plate", {is(PredicateKind::plate, {truck})})});
    const auto verdict = decided(watched, with_pass(unread(entering({}))));
    CHECK(codes(verdict) == Codes{"rule_hold", "pass_admitted"});
    const auto of_boxes = strict({rule("R-box", {is(PredicateKind::container_prefix, {"CSQU"})})});
    CHECK(decided(of_boxes, with_pass(unread(entering({})))).outcome == VerdictOutcome::release);
}

TEST_CASE("A pass that is not needed gives no reason and loses no place") {
    auto visitor = pass_of("P-1");
    visitor.pass.count = 2;
    auto lenient = ruleset({});
    lenient.policy.rows = {{{}, {}, {}, {}, WithoutOrder::release}};
    const auto verdict = decided(lenient, with_passes(entering({}), {visitor}));
    CHECK(codes(verdict) == Codes{"no_box_proved"});
    CHECK(verdict.claims.empty());
}

TEST_CASE("A pass with a count takes a place with the release and is spent when others have all") {
    auto visitor = pass_of("P-1");
    visitor.pass.count = 2;
    visitor.taken = 1;
    visitor.places = {{pass_place(visitor.pass, ControlPoint{"g07"}), UsageState::used, passage_id(9)}};
    const auto verdict = decided(strict(), with_passes(entering({}), {visitor}));
    CHECK(codes(verdict) == Codes{"pass_admitted"});
    REQUIRE(verdict.claims.size() == 1);
    CHECK(verdict.claims.front().uses == 2);
    CHECK(verdict.claims.front().key == UsageKey{Authority{"passes"}, OrderId{"P-1"}, {}, ControlPoint{"g07"}});
    CHECK(verdict.pass_places == visitor.places);
    visitor.taken = 2;
    const auto spent = with_passes(entering({}), {visitor});
    CHECK(asked(spent).state == PassState::spent);
    CHECK(codes(decided(strict(), spent)) == Codes{"policy_hold"});
}

TEST_CASE("Without a ruleset no pass counts") {
    auto none = strict();
    none.version = 0;
    CHECK(pass_for(none, with_pass(entering({})), at_noon()).state == PassState::none);
    CHECK(decided(none, with_pass(entering({}))).outcome == VerdictOutcome::hold);
}

TEST_CASE("A vehicle with a pass waits where the orders could not be looked at") {
    OrdersFound failed;
    failed.failed = true;
    CHECK(evaluate(strict(), with_pass(entering({})), failed, at_noon()).outcome == VerdictOutcome::hold);
    OrdersFound behind;
    behind.behind = true;
    CHECK(evaluate(strict(), with_pass(entering({})), behind, at_noon()).outcome == VerdictOutcome::hold);
}

}  // namespace portcullis::supervision::testing
