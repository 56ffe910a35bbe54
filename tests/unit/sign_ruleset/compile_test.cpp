#include "cli/sign/ruleset/compile_ruleset.hpp"
#include "codec/ruleset.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;

namespace {

const std::string head = R"(version: 1
terminal: xmht
gates: "*"
time_zone: "+08:00"
issued: 2026-11-23
expires: 2027-11-22
sets:
  JP2: [JP-07, JP-09]
classes: { names: [A, B], unknown: B }
zones:
  - { zone: Z1, title: Yard, methods: [open] }
policy: []
)";

std::string rule(const std::string& when, const std::string& rest = "outcome: hold, unknown: hold") {
    return "rules:\n  - { rule: R1, title: t, basis: b, when: " + when + ", " + rest + " }\n";
}

/// Every problem of the file, one a line.
std::string problems_of(const std::string& text) {
    ConfigProblems problems;
    const auto compiled = sign::compile_ruleset(text, "rules.yaml", problems);
    CHECK(compiled.has_value() == problems.empty());
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

Ruleset ruleset_of(const std::string& text) {
    ConfigProblems problems;
    const auto compiled = sign::compile_ruleset(text, "rules.yaml", problems);
    for (const auto& problem : problems.all()) {
        FAIL_CHECK(problem.message());
    }
    return compiled.value().document.ruleset;
}

}  // namespace

TEST_CASE("The shipped example is a ruleset whose cases come out as they say") {
    ConfigProblems problems;
    const auto compiled =
        sign::compile_ruleset(file_text("config/rulesets/example.yaml"), "config/rulesets/example.yaml", problems);
    for (const auto& problem : problems.all()) {
        FAIL_CHECK(problem.message());
    }
    REQUIRE(compiled);
    CHECK(compiled->document.ruleset.rules.size() ==
          33);  // Q12 is two: earlier goods are inspected; Q27 and Q28 are two: exports
    CHECK(compiled->document.cases.size() > 60);
    CHECK(codec::read_ruleset(compiled->payload)->ruleset == compiled->document.ruleset);
    // Each rule has a case in which it speaks.
    for (const auto& one : compiled->document.ruleset.rules) {
        const auto names = [&](const RulesetCase& candidate) {
            const auto& rules = candidate.expected.rules;
            return rules && std::find(rules->begin(), rules->end(), one.id) != rules->end();
        };
        INFO(one.id);
        CHECK(std::any_of(compiled->document.cases.begin(), compiled->document.cases.end(), names));
    }
}

TEST_CASE("A case of the example that is changed is a problem at its place") {
    auto text = file_text("config/rulesets/example.yaml");
    const std::string right = "expect: { outcome: hold, reasons: [rule_hold], rules: [Q01, Q02] }";
    const auto at = text.find(right);
    REQUIRE(at != std::string::npos);
    text.replace(at, right.size(), "expect: { outcome: release, reasons: [rule_inspect], rules: [Q01] }");
    const auto line =
        std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const auto problems = problems_of(text);
    CHECK_THAT(problems, contains_text("rules.yaml:" + line + ":"));
    CHECK_THAT(problems, contains_text("case food-of-five: outcome expected release; found hold"));
    CHECK_THAT(problems, contains_text("case food-of-five: rules expected Q01; found Q01 Q02"));
    CHECK_THAT(problems, contains_text("case food-of-five: reasons expected rule_inspect; found"));
}

TEST_CASE("What people write is what the document says") {
    const auto ruleset = ruleset_of(head + rule("{ origin: JP, origin_region: $JP2, not: { wood: \"yes\" }, "
                                                "attribute: { a: x, b: [y, z] }, date: { made: { to: 2026-01-31 } } }",
                                                "outcome: inspect, unknown: note, rate: 0.5 %, zone: Z1, "
                                                "methods: open, valid_from: 2026-01-01, valid_to: 2026-01-31"));
    const auto& read = ruleset.rules.at(0);
    REQUIRE(read.predicates.size() == 6);
    CHECK(read.condition.at(0) == ConditionNode{Join::all, 6, 0});
    CHECK(read.predicates[1].texts == std::vector<std::string>{"JP-07", "JP-09"});
    CHECK(read.predicates[3].name == "a");
    CHECK(read.predicates[4].texts == std::vector<std::string>{"y", "z"});
    CHECK(time_text(read.predicates[5].to.value()) == "2026-01-31T15:59:59.999Z");
    CHECK(read.rate_ppm == 5'000);
    CHECK(time_text(read.valid_from.value()) == "2025-12-31T16:00:00.000Z");
    CHECK(time_text(read.valid_to.value()) == "2026-01-31T15:59:59.999Z");
    CHECK(time_text(ruleset.issued) == "2026-11-22T16:00:00.000Z");
}

TEST_CASE("A condition with one part is that part and a time window keeps its times") {
    const auto read = ruleset_of(head + rule("{ time_window: { from: \"22:00\", to: \"06:00\" } }")).rules.at(0);
    CHECK(read.condition == std::vector<ConditionNode>{{Join::predicate, 0, 0}});
    CHECK(read.predicates.at(0).at_least == 1320);
    const auto visits = ruleset_of(head + rule("{ repeat_visits: { at_least: 3, within: 1 d } }")).rules.at(0);
    CHECK(visits.predicates.at(0).within == std::chrono::hours{24});
}

TEST_CASE("Everything that is wrong in a ruleset is told at its place with what is near") {
    CHECK_THAT(problems_of(head + rule("{ orgin: JP }")),
               contains_text("rules.yaml:14:52: rules[0].when.orgin: is nothing that a rule can look at; did you mean "
                             "`origin`?"));
    CHECK_THAT(problems_of(head + rule("{ origin_region: $JP3 }")),
               contains_text("there is no set `JP3`; did you mean `$JP2`?"));
    CHECK_THAT(problems_of(head + rule("{ origin: JP }", "outcome: holds, unknown: hold")),
               contains_text("\"holds\" is none of: inspect, hold; did you mean `hold`?"));
    CHECK_THAT(problems_of(head + rule("{ origin: JP }", "outcome: hold, unknown: hold, basis2: x")),
               contains_text("unknown key `basis2`; did you mean `basis`?"));
    CHECK_THAT(problems_of(head + rule("{ origin: JP }", "outcome: hold")), contains_text("`unknown` is missing"));
    const auto inspect = [](const std::string& more) {
        return problems_of(head + rule("{ origin: JP }", "outcome: inspect, unknown: note, " + more));
    };
    CHECK_THAT(inspect("zone: Z2"), contains_text("there is no zone \"Z2\" among zones; did you mean `Z1`?"));
    CHECK_THAT(inspect("zone: Z1, methods: [opens]"), contains_text("cannot do \"opens\"; did you mean `open`?"));
    CHECK_THAT(inspect("rate: 120 %"), contains_text("`120 %` is out of range; write a rate from 0 % to 100 %"));
    CHECK_THAT(inspect("rate: 20"), contains_text("`20` is no rate"));
    CHECK_THAT(inspect("valid_from: 2026-02-30"), contains_text("`2026-02-30` is no moment"));
    CHECK_THAT(inspect("valid_from: 2026-02-02, valid_to: 2026-02-01"), contains_text("is before valid_from"));
}

TEST_CASE("A rule that is there twice or can never match is a problem") {
    const auto twice = rule("{ origin: JP }") +
                       "  - { rule: R1, title: t, basis: b, when: { origin: KR }, outcome: hold, "
                       "unknown: hold }\n";
    CHECK_THAT(problems_of(head + twice), contains_text("rules.yaml:15:13: rules[1].rule: \"R1\" stands here for the"));
    CHECK_THAT(problems_of(head + rule("{ all: [{ origin: JP }, { origin: [KR, CN] }] }")),
               contains_text("rule R1 can never match: `origin JP` and `origin CN KR`"));
}

TEST_CASE("A date needs the time zone of its file") {
    auto text = head + rule("{ origin: JP }");
    text.replace(text.find("time_zone"), std::string{"time_zone: \"+08:00\"\n"}.size(), "");
    CHECK_THAT(problems_of(text), contains_text("`2026-11-23` is a date of no time zone"));
}

TEST_CASE("A port lists as many enterprises as it has, and none of them twice") {
    constexpr int enterprises = 50'000;
    std::string list;
    for (int i = 0; i < enterprises; ++i) {
        list += "    " + std::to_string(3'502'000'000 + i) + ": A\n";
    }
    const auto listing = [&](const std::string& one_more) {
        auto text = head;
        const std::string classes = "classes: { names: [A, B], unknown: B }\n";
        text.replace(text.find(classes), classes.size(),
                     "classes:\n  names: [A, B]\n  unknown: B\n  enterprises:\n" + list + one_more);
        return text + rule("{ way: out }");
    };
    CHECK(ruleset_of(listing("")).classes.enterprises.size() == enterprises);
    CHECK_THAT(problems_of(listing("    3502000001: B\n")), contains_text("stands here for the second time"));
}

TEST_CASE("A case says that a box has no zone result, and one that does not say so leaves it open") {
    const auto outcome_with = [](const std::string& box) {
        return problems_of(
            head + R"(case_defaults: { at: 2026-11-26 12:00, gate: g07, lane: out-1, way: out, load: one_40, boxes: 1 }
rules:
  - { rule: R1, title: t, basis: b, when: { zone_result: none }, outcome: hold, unknown: inspect }
cases:
  - case: C1
    says: Asks for the result
    containers: CSQU3054383
    box: )" +
            box + R"(
    expect: { outcome: hold, reasons: [rule_hold] }
)");
    };
    CHECK(outcome_with("{ seal: intact, zone_result: none }").empty());
    CHECK_THAT(outcome_with("{ seal: intact }"), contains_text("rule_hold"));
}

TEST_CASE("What a ruleset is can be read") {
    ConfigProblems problems;
    const auto compiled = sign::compile_ruleset(file_text("config/rulesets/example.yaml"), "example.yaml", problems);
    const auto text = sign::explained(compiled.value().document);
    CHECK_THAT(text, contains_text("33 rules"));
    CHECK_THAT(text, contains_text("Q08           inspect 20 %  unknown: inspect"));
    CHECK_THAT(text, contains_text("class AA    goods any             import_laden      0.5 %"));
    CHECK_THAT(text, contains_text("unknown is C; 2 enterprises listed"));
}
