#include "supervision/passes.hpp"

#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::supervision::testing {
namespace {

Pass pass_of(const std::string& id) {
    Pass pass{id, PassKind::standing, plate(truck)};
    pass.valid_from = noon - std::chrono::hours{24};
    pass.valid_to = noon + std::chrono::hours{24};
    return pass;
}

PassList list_of(std::vector<Pass> passes) {
    PassList list;
    list.version = 1;
    list.gates = {"*"};
    list.issued = noon - std::chrono::hours{48};
    list.expires = noon + std::chrono::hours{48};
    list.passes = std::move(passes);
    return list;
}

PassFound asked(const PassList& list, const PassageFacts& facts, int taken = 0, std::chrono::milliseconds band = {}) {
    DecisionBasis basis;
    basis.now.wall = noon;
    basis.clock_band = band;
    return pass_for(list, facts, basis, [taken](const UsageKey&) { return taken; });
}

PassageFacts unknown_load(PassageFacts facts) {
    facts.load = Load::unknown;
    facts.boxes.reset();
    return facts;
}

}  // namespace

TEST_CASE("A pass lets its vehicle in whatever is known of its load") {
    const auto list = list_of({pass_of("P-1")});
    CHECK(asked(list, entering({})).state == PassState::admits);
    CHECK(asked(list, unknown_load(entering({}))).state == PassState::admits);
    CHECK(asked(list, entering()).state == PassState::admits);
    CHECK(asked(list, entering({})).pass->id == "P-1");
    CHECK_FALSE(asked(list, entering({})).claim);
}

TEST_CASE("A pass never opens a lane that leads out unless the load is none") {
    const auto list = list_of({pass_of("P-1")});
    CHECK(asked(list, leaving({})).state == PassState::admits);
    for (const auto load : {Load::one_20, Load::one_40, Load::two_20, Load::unknown}) {
        auto facts = leaving({});
        facts.load = load;
        INFO(text_of(load));
        CHECK(asked(list, facts).state == PassState::loaded);
        facts.way = Way::unknown;
        CHECK(asked(list, facts).state == PassState::loaded);
    }
}

TEST_CASE("A pass is for its plate and its gate alone") {
    auto list = list_of({pass_of("P-1")});
    auto other = entering({});
    other.identity.tractor = plate("闽D54321");
    CHECK(asked(list, other).state == PassState::none);
    other.identity.tractor.reset();
    CHECK(asked(list, other).state == PassState::none);
    list.gates = {"g08"};
    CHECK(asked(list, entering({})).state == PassState::none);
    list.gates = {"g08", "g07"};
    CHECK(asked(list, entering({})).state == PassState::admits);
}

TEST_CASE("A pass holds from its begin to before its end and only where the clock is sure of it") {
    auto pass = pass_of("P-1");
    pass.valid_from = noon;
    CHECK(asked(list_of({pass}), entering({})).state == PassState::admits);
    CHECK(asked(list_of({pass}), entering({}), 0, std::chrono::seconds{1}).state == PassState::not_in_force);
    pass.valid_from = noon - std::chrono::hours{1};
    pass.valid_to = noon;
    CHECK(asked(list_of({pass}), entering({})).state == PassState::not_in_force);
    auto list = list_of({pass_of("P-1")});
    list.expires = noon;
    CHECK(asked(list, entering({})).state == PassState::list_expired);
}

TEST_CASE("A pass holds at its hours and in its lanes") {
    auto pass = pass_of("P-1");
    pass.lanes = {LaneName{"in-1"}};
    CHECK(asked(list_of({pass}), entering({})).state == PassState::other_lane);
    pass.lanes.emplace_back("out-1");
    pass.hours = DayWindow{22 * 60, 6 * 60};
    auto facts = entering({});
    facts.measures.minute_of_day = 12 * 60;
    CHECK(asked(list_of({pass}), facts).state == PassState::other_hours);
    facts.measures.minute_of_day = 23 * 60;
    CHECK(asked(list_of({pass}), facts).state == PassState::admits);
    facts.measures.minute_of_day.reset();
    CHECK(asked(list_of({pass}), facts).state == PassState::other_hours);
}

TEST_CASE("A pass with a count takes a place and is spent when all are taken") {
    auto pass = pass_of("P-1");
    pass.count = 2;
    const auto found = asked(list_of({pass}), entering({}), 1);
    REQUIRE(found.claim);
    CHECK(found.claim->uses == 2);
    CHECK(found.claim->key == UsageKey{Authority{"passes"}, OrderId{"P-1"}, {}, ControlPoint{"g07"}});
    CHECK(asked(list_of({pass}), entering({}), 2).state == PassState::spent);
    CHECK_FALSE(asked(list_of({pass}), entering({}), 2).claim);
}

TEST_CASE("Of several passes of one vehicle the one that admits speaks whatever their order") {
    auto elsewhere = pass_of("P-1");
    elsewhere.lanes = {LaneName{"in-9"}};
    auto over = pass_of("P-2");
    over.valid_to = noon - std::chrono::hours{1};
    const auto good = pass_of("P-3");
    CHECK(asked(list_of({elsewhere, over, good}), entering({})).pass->id == "P-3");
    CHECK(asked(list_of({good, over, elsewhere}), entering({})).pass->id == "P-3");
    CHECK(asked(list_of({over, elsewhere}), entering({})).state == PassState::other_lane);
}

}  // namespace portcullis::supervision::testing
