#include "gate/ruleset_desk.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/gate/ruleset_bench.hpp"

using namespace portcullis;
using namespace portcullis::gate;
using namespace portcullis::testing;
using gate::testing::a_ruleset;
using gate::testing::a_ruleset_from;
using gate::testing::RulesetBench;
using gate::testing::sealed_ruleset;
using namespace std::chrono_literals;
using codec::RefusalCause;

namespace {

PassageId passage(std::uint8_t last) {
    return supervision::testing::passage_id(last);
}

std::string text(const Event& event, const std::string& member) {
    return *event.data.find(member)->get<std::string>();
}
std::int64_t number(const Event& event, const std::string& member) {
    return *event.data.find(member)->get<std::int64_t>();
}

/// Expects a box without an order to leave, which no row of the policy allows.
RulesetDocument a_ruleset_that_fails_its_case(std::int64_t version) {
    auto document = a_ruleset(version);
    RulesetCase one;
    one.id = "C1";
    one.says = "An import box without an order leaves";
    one.facts = supervision::testing::leaving();
    one.basis = supervision::testing::at(supervision::testing::noon);
    one.expected.outcome = VerdictOutcome::release;
    document.cases.push_back(std::move(one));
    return document;
}

TimestampDocument a_timestamp_naming(std::int64_t version, const RulesetDocument& ruleset, std::string_view issued) {
    auto timestamp = a_timestamp(version);
    timestamp.head.issued = at(issued);
    timestamp.newest[{DocumentKind::ruleset, {}}] = {ruleset.ruleset.version,
                                                     trust::sha256(codec::write_ruleset(ruleset))};
    return timestamp;
}

}  // namespace

TEST_CASE_METHOD(RulesetBench, "Without a ruleset nothing is released, and the first one acts at once") {
    CHECK(judges(1) == 0);
    CHECK(desk().policy().rows.empty());
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(first_acts == 1);
    CHECK(judges(1) == 3);  // it waited for a ruleset, no ruleset had decided it
    CHECK(desk().version() == 3);
    const auto activated = events("document.activated");
    REQUIRE(activated.size() == 1);
    CHECK(text(activated[0], "kind") == "ruleset");
    CHECK(number(activated[0], "version") == 3);
    CHECK(activated[0].data.find("signers")->get<List>()->size() == 2);
}

TEST_CASE_METHOD(RulesetBench, "A ruleset survives a restart") {
    REQUIRE(deliver(a_ruleset(3)));
    restart();
    CHECK(judges(1) == 3);
    CHECK_FALSE(deliver(a_ruleset(3)));
    CHECK(refusal.place == codec::BatchPlace::repeated);
    CHECK_FALSE(deliver(a_ruleset(2)));
    CHECK(refusal.cause == RefusalCause::version);
    CHECK(deliver(a_ruleset(4)));
}

TEST_CASE_METHOD(RulesetBench, "What is forged, foreign, expired or fails its own cases changes nothing") {
    REQUIRE(deliver(a_ruleset(3)));
    CHECK_FALSE(deliver(a_ruleset(4), {"rita"}));
    CHECK(refusal.cause == RefusalCause::signature);
    CHECK_FALSE(deliver(a_ruleset(4), {"ciq", "clock"}));
    CHECK(refusal.cause == RefusalCause::signature);
    auto foreign = a_ruleset(4);
    foreign.ruleset.terminal = "xmyq";
    CHECK_FALSE(deliver(foreign));
    CHECK(refusal.cause == RefusalCause::audience);
    auto expired = a_ruleset(4);
    expired.ruleset.expires = at("2026-11-24T00:00:00.000Z");
    CHECK_FALSE(deliver(expired));
    CHECK(refusal.cause == RefusalCause::expiry);
    CHECK_FALSE(deliver(a_ruleset_that_fails_its_case(4)));
    CHECK(refusal.cause == RefusalCause::cases);
    CHECK(refusal.detail.find("C1") != std::string::npos);
    CHECK_FALSE(deliver(sealed("ruleset", "{}", {"rita", "ralf"})));
    CHECK(refusal.cause == RefusalCause::parse);
    CHECK_FALSE(deliver(std::string{"no envelope"}));
    CHECK(judges(1) == 3);
    CHECK(rows() == 1);
    restart();
    CHECK(judges(1) == 3);
    CHECK(deliver(a_ruleset(4)));  // none of them has raised the floor
}

TEST_CASE_METHOD(RulesetBench, "A ruleset acts when the journal has it, and not before") {
    REQUIRE(deliver(a_ruleset(3)));
    hold_commits();
    REQUIRE(deliver(a_ruleset(4)));
    CHECK(judges(1) == 3);
    commit();
    CHECK(judges(2) == 4);
}

TEST_CASE_METHOD(RulesetBench, "A passage is decided by one ruleset to its end") {
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(judges(1) == 3);
    REQUIRE(deliver(a_ruleset(4)));
    CHECK(judges(1) == 3);
    CHECK(judges(2) == 4);
    tick({passage(1), passage(2)});
    CHECK(judges(1) == 3);
    tick({passage(2)});
    CHECK(judges(1) == 4);
}

TEST_CASE_METHOD(RulesetBench, "A ruleset waits for its time, also over a restart, and then acts once") {
    REQUIRE(deliver(a_ruleset(3)));
    REQUIRE(deliver(a_ruleset_from(4, "2026-11-24T07:00:00.000Z")));
    CHECK(events("document.accepted").size() == 1);
    CHECK(text(events("document.accepted")[0], "effective_at") == "2026-11-24T07:00:00.000Z");
    clock.advance(5h);
    tick();
    CHECK(judges(1) == 3);
    restart();
    CHECK(judges(1) == 3);
    clock.advance(1h);
    hold_commits();
    tick({passage(1)});
    tick({passage(1)});
    CHECK(judges(2) == 3);
    commit();
    CHECK(judges(1) == 3);
    CHECK(judges(3) == 4);
    const auto activated = events("document.activated");
    REQUIRE(activated.size() == 2);
    CHECK(number(activated[1], "version") == 4);
    CHECK(number(activated[1], "previous") == 3);
    CHECK(activated[1].data.find("signers")->get<List>()->size() == 2);
    restart();
    CHECK(judges(1) == 4);
}

TEST_CASE_METHOD(RulesetBench, "A newer ruleset takes the place of the one that waits") {
    REQUIRE(deliver(a_ruleset(3)));
    REQUIRE(deliver(a_ruleset_from(4, "2026-11-24T06:00:00.000Z")));
    REQUIRE(deliver(a_ruleset_from(5, "2026-11-24T08:00:00.000Z")));
    CHECK(rows() == 2);
    clock.advance(6h);
    tick();
    CHECK(judges(1) == 3);
    REQUIRE(deliver(a_ruleset(6)));
    CHECK(judges(2) == 6);
    clock.advance(4h);
    tick();
    CHECK(judges(3) == 6);
    CHECK_FALSE(desk().shelf().waiting());
}

TEST_CASE_METHOD(RulesetBench, "A ruleset whose stored bytes changed does not act, and is taken again") {
    REQUIRE(deliver(a_ruleset(3)));
    spoil(3);
    restart();
    CHECK(judges(1) == 0);
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(judges(2) == 3);
    CHECK(desk().shelf().old().empty());
}

TEST_CASE_METHOD(RulesetBench,
                 "While the one that acts cannot be read nothing is released, and the next one keeps its time") {
    REQUIRE(deliver(a_ruleset(3)));
    REQUIRE(deliver(a_ruleset_from(4, "2026-11-24T07:00:00.000Z")));
    spoil(3);
    restart();
    tick();
    CHECK(judges(1) == 0);
    CHECK(text(events("document.state").back(), "state") == "missing");
    REQUIRE(desk().shelf().waiting());
    clock.advance(6h);
    tick();
    CHECK(judges(1) == 4);
    CHECK(text(events("document.activated").back(), "kind") == "ruleset");
    CHECK(number(events("document.activated").back(), "previous") == 3);
    restart();
    CHECK(judges(2) == 4);
}

TEST_CASE_METHOD(RulesetBench, "The one that acts and cannot be read comes again, although a newer one waits") {
    REQUIRE(deliver(a_ruleset(3)));
    REQUIRE(deliver(a_ruleset_from(4, "2026-11-24T07:00:00.000Z")));
    spoil(3);
    restart();
    CHECK_FALSE(deliver(a_ruleset(2)));
    auto other = a_ruleset(3);
    other.ruleset.policy.rows.clear();
    CHECK_FALSE(deliver(other));
    CHECK(judges(1) == 0);
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(judges(1) == 3);
    CHECK_FALSE(deliver(a_ruleset(3)));
    CHECK_FALSE(deliver(a_ruleset_from(4, "2026-11-24T07:00:00.000Z")));
    CHECK(refusal.place == codec::BatchPlace::repeated);  // the floor did not fall
    restart();
    CHECK(judges(1) == 3);
    CHECK(desk().shelf().old().empty());
    clock.advance(6h);
    tick();
    CHECK(judges(2) == 4);
}

TEST_CASE_METHOD(RulesetBench, "When the keys of rulesets are replaced, nothing acts that they signed") {
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(judges(1) == 3);
    auto second = with_key_replaced(with_key_replaced(a_root(2), "rita", "rosi"), "ralf", "rolf");
    second.head.issued = at("2026-11-23T18:00:00.000Z");
    REQUIRE(deliver(sealed_root(second), DocumentKind::root));
    CHECK(judges(1) == 0);
    restart();
    CHECK(judges(1) == 0);
    CHECK_FALSE(deliver(a_ruleset(3)));
    auto anew = a_ruleset(1);
    anew.ruleset.issued = at("2026-11-23T19:00:00.000Z");
    REQUIRE(deliver(anew, {"rosi", "rolf"}));
    CHECK(judges(2) == 1);
}

TEST_CASE_METHOD(RulesetBench, "A crash right after the keys were replaced brings nothing back that they signed") {
    REQUIRE(deliver(a_ruleset(3)));
    auto second = with_key_replaced(with_key_replaced(a_root(2), "rita", "rosi"), "ralf", "rolf");
    second.head.issued = at("2026-11-23T18:00:00.000Z");
    follows = false;
    REQUIRE(deliver(sealed_root(second), DocumentKind::root));
    restart();
    CHECK(judges(1) == 0);
    // Not even when the old keys are believed again, and although the gate still knows that it acted.
    auto third = with_key_replaced(with_key_replaced(second, "rosi", "rita"), "rolf", "ralf");
    third.head.version = 3;
    third.head.issued = at("2026-11-23T20:00:00.000Z");
    REQUIRE(deliver(sealed_root(third), DocumentKind::root));
    CHECK_FALSE(deliver(a_ruleset(3)));
    CHECK(judges(1) == 0);
}

TEST_CASE_METHOD(RulesetBench, "One key of three is replaced, and the ruleset goes on deciding") {
    REQUIRE(deliver(a_ruleset(3)));
    REQUIRE(deliver(sealed_root(with_key_replaced(a_root(2), "ralf", "rolf")), DocumentKind::root));
    CHECK(judges(1) == 3);
    restart();
    CHECK(judges(1) == 3);
}

TEST_CASE_METHOD(RulesetBench, "Old rulesets are kept while the journal refers to them") {
    REQUIRE(deliver(a_ruleset(3)));
    CHECK(judges(1) == 3);
    REQUIRE(deliver(a_ruleset(4)));
    tick({passage(1)});
    desk().journal_cut(1'000);
    tick({passage(1)});
    CHECK(rows() == 2);
    tick();
    CHECK(rows() == 1);
    REQUIRE(desk().shelf().of_verdict(4, 100));
    restart();
    CHECK(judges(1) == 4);
}

TEST_CASE_METHOD(RulesetBench, "A ruleset ages from when central last said that it is the newest, and expires") {
    auto document = a_ruleset(3);
    document.ruleset.staleness.ruleset = {6h, 24h, 48h};
    REQUIRE(deliver(document));
    const auto state = [this] { return desk().rule(passage(1), clock.now()).state; };
    CHECK(state() == DocumentState::ageing);  // issued twelve hours ago
    REQUIRE(deliver(sealed_timestamp(a_timestamp_naming(1, document, "2026-11-24T00:00:00.000Z")),
                    DocumentKind::timestamp));
    CHECK(state() == DocumentState::fresh);
    restart();
    CHECK(state() == DocumentState::fresh);
    clock.advance(6h);
    CHECK(state() == DocumentState::ageing);
    clock.advance(24h);
    CHECK(state() == DocumentState::stale);
    clock.advance(24h);
    CHECK(state() == DocumentState::expired);
    tick();
    tick();
    const auto told = events("document.state");
    REQUIRE(told.size() == 1);
    CHECK(text(told[0], "state") == "expired");
    CHECK(number(told[0], "age_s") > 54 * 3600);
}

TEST_CASE_METHOD(RulesetBench, "Beyond its own expiry a ruleset is expired, however often central named it") {
    auto document = a_ruleset(3);
    document.ruleset.expires = at("2026-11-24T03:00:00.000Z");
    REQUIRE(deliver(document));
    CHECK(desk().rule(passage(1), clock.now()).state == DocumentState::fresh);
    clock.advance(3h);
    CHECK(desk().rule(passage(1), clock.now()).state == DocumentState::expired);
}

TEST_CASE_METHOD(RulesetBench, "Once the timestamp has expired nobody says that nothing newer is held back") {
    const auto document = a_ruleset(3);
    REQUIRE(deliver(document));
    REQUIRE(deliver(sealed_timestamp(a_timestamp_naming(1, document, "2026-11-24T00:00:00.000Z")),
                    DocumentKind::timestamp));
    clock.advance(22h);
    CHECK(desk().rule(passage(1), clock.now()).state == DocumentState::fresh);
    clock.advance(1h);
    CHECK(desk().rule(passage(1), clock.now()).state == DocumentState::ageing);
}
