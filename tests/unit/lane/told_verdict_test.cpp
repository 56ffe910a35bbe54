// What was decided is on record: each decision, what it supersedes, and what it was decided by (design.md 3; 10,
// invariant 6).
#include <functional>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("a release of a vehicle that no sensor sees just then is on record, and opens when it is seen", "[lane]") {
    LaneBench bench;
    bench.decides = {};
    bench.truck_arrives();
    const auto facts = bench.unanswered->facts;
    bench.off(Role::arrival_loop);
    bench.answer(release_of(facts));
    CHECK(bench.text("verdict.issued", "outcome") == "release");
    CHECK(bench.commanded(Role::arm_up) == 0);
    SECTION("it stands before the arm") {
        bench.on(Role::arm_loop);
        CHECK(bench.commanded(Role::arm_up) == 1);
        CHECK(bench.count("verdict.issued") == 1);
    }
    SECTION("it has gone") {
        bench.after(6s);
        CHECK(bench.text("passage.ended", "verdict") == "release");
    }
}

TEST_CASE("a look-up that fails for a vehicle that may go: held, and asked about again when time may lift it",
          "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::permitted);
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::lookup_failed); };
    bench.orders_changed();
    REQUIRE(bench.state() == PassageState::referred);
    const auto asked = bench.asked.size();
    bench.decides = {};
    bench.after(5100ms);
    CHECK(bench.asked.size() == asked + 1);
}

TEST_CASE("a verdict that was never issued is not superseded", "[lane]") {
    LaneBench bench;
    bench.decides = {};
    bench.truck_arrives();
    const auto facts = bench.unanswered->facts;
    bench.on(Role::exit_loop);  // somebody comes the other way, and is first now
    REQUIRE(bench.count("passage.wrong_way") == 1);
    bench.answer(release_of(facts));
    REQUIRE(bench.count("verdict.issued") == 0);
    bench.orders_changed();
    bench.arm_leaves_closed();  // a key
    bench.on(Role::arm_loop);
    bench.off(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(1100ms);
    bench.on(Role::arm_loop);
    REQUIRE(bench.state(1) == PassageState::passing);
    bench.answer(hold_for(ReasonCode::order_revoked));
    CHECK(bench.count("verdict.superseded") == 0);
    CHECK(bench.text("verdict.issued", "outcome") == "hold");
}

TEST_CASE("a vehicle that goes under a forced arm before it is decided about: the decision is on record", "[lane]") {
    LaneBench bench;
    bench.decides = {};
    bench.truck_arrives();
    bench.on(Role::arm_loop);
    bench.arm_leaves_closed();
    REQUIRE(bench.state() == PassageState::passing);
    bench.answer(hold_for(ReasonCode::order_missing));
    CHECK(bench.count("verdict.issued") == 1);
    CHECK(bench.count("verdict.superseded") == 0);
    bench.truck_leaves();
    CHECK(bench.text("passage.ended", "verdict") == "hold");
    CHECK(bench.text("passage.ended", "permission_id") == "none");
}

TEST_CASE("a verdict that says anything else than the one before is told, and the same again is not", "[lane]") {
    using Change = std::function<void(Verdict&)>;
    const auto change = GENERATE(values<Change>({
        [](Verdict& verdict) { verdict.movement = Movement::domestic; },
        [](Verdict& verdict) {
            verdict.consents.push_back({Authority{"customs"}, ConsentState::missing});
        },
        [](Verdict& verdict) {
            verdict.claims.push_back({{Authority{"ciq"}, OrderId{"R-9"}, {}, {}}, 1});
        },
        [](Verdict& verdict) { verdict.plate_on_order = PlateOnOrder::no; },
        [](Verdict& verdict) { verdict.zone = "Z9"; },
        [](Verdict& verdict) { verdict.methods = {"physical"}; },
        [](Verdict& verdict) { verdict.reasons = hold_for(ReasonCode::order_inspect).reasons; },
    }));
    auto settings = out_lane();
    settings.on_inspect = OnInspect::wait_escort;
    LaneBench bench(settings);
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.truck_arrives();
    bench.orders_changed();
    CHECK(bench.count("verdict.issued") == 1);
    bench.decides = [&](const PassageFacts&) {
        auto verdict = inspect();
        change(verdict);
        return verdict;
    };
    bench.orders_changed();
    CHECK(bench.count("verdict.issued") == 2);
    CHECK(bench.count("verdict.superseded") == 0);
}

TEST_CASE("what was decided while the vehicle was under the arm is known after a restart", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.orders_changed();
    bench.restart();
    bench.all_quiet();
    CHECK(bench.text("passage.ended", "verdict") == "inspect");
    CHECK(bench.text("passage.ended", "zone") == "Z2");
}

TEST_CASE("a permission ends in time also for who stands before an arm that does not open", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.on(Role::arm_loop);
    bench.after(bench.settings().permission_life + 1s);
    CHECK(bench.text("permission.ended", "cause") == "expired");
    CHECK(bench.state() == PassageState::referred);
    bench.arm_leaves_closed();  // a key
    CHECK(bench.text("passage.tailgate", "permission_id") == "none");
}

TEST_CASE("an answer to an older question is no answer to the newest", "[lane]") {
    LaneBench bench;
    bench.decides = {};
    bench.truck_arrives();
    const auto first = *bench.unanswered;
    bench.orders_changed();
    REQUIRE(bench.unanswered->ask != first.ask);
    auto verdict = release_of(first.facts);
    verdict.order_cursor = bench.cursor;
    bench.handle(VerdictReady{first.passage, first.ask, verdict});
    CHECK(bench.count("verdict.issued") == 0);
    bench.answer(hold_for(ReasonCode::order_revoked));
    CHECK(bench.text("verdict.issued", "outcome") == "hold");
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("orders that came while the arm was not free are looked at before a permission begins", "[lane]") {
    LaneBench bench;
    bench.on(Role::arm_open_limit);  // the limits contradict: nothing opens for a while
    bench.truck_arrives();
    REQUIRE(bench.count("verdict.issued") == 1);
    bench.handle(Committed{{12345}, ++bench.cursor});  // another lane's commit was the first to know
    bench.off(Role::arm_open_limit);
    CHECK(bench.count("permission.began") == 1);
    CHECK(bench.count("permission.ended") == 0);
    CHECK(bench.text("verdict.issued", "order_cursor") == "8");
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("what opens rests on a verdict on record, by the ruleset and the orders that decided it", "[lane]") {
    LaneBench bench;
    std::int64_t ruleset = 3;
    bench.decides = [&](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        verdict.ruleset_version = ruleset;
        return verdict;
    };
    bench.on(Role::arm_open_limit);  // the limits contradict: nothing opens for a while
    bench.truck_arrives();
    REQUIRE(bench.count("verdict.issued") == 1);
    bench.after(11s);
    SECTION("the same") {
        bench.off(Role::arm_open_limit);
        CHECK(bench.count("verdict.issued") == 1);
    }
    SECTION("another ruleset") {
        ruleset = 4;
        bench.off(Role::arm_open_limit);
        CHECK(bench.count("verdict.issued") == 2);
        CHECK(bench.text("verdict.issued", "ruleset_version") == "4");
    }
    SECTION("newer orders") {
        bench.cursor = 8;
        bench.off(Role::arm_open_limit);
        CHECK(bench.count("verdict.issued") == 2);
        CHECK(bench.text("verdict.issued", "order_cursor") == "8");
    }
    REQUIRE(bench.commanded(Role::arm_up) == 1);
    const auto basis = bench.text("permission.began", "basis_sequence");
    CHECK(basis != "none");
}

}  // namespace
}  // namespace portcullis::lane
