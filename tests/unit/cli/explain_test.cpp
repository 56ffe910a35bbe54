#include "cli/explain/explain_command.hpp"

#include <fstream>

#include "cli/explain/explained_passage.hpp"
#include "cli/explain/recorded_verdict.hpp"
#include "cli/explain_passage.hpp"
#include "cli/try_ruleset.hpp"
#include "codec/canonical.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/cli/sample_export.hpp"

using namespace portcullis;
using namespace portcullis::cli;
using namespace portcullis::cli::testing;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;

namespace {

constexpr auto ruleset_file = "docs/central/examples/ruleset.json";
constexpr auto facts_file = "docs/central/examples/facts.json";
/// Of the example of `verdict.issued`.
constexpr auto passage_id = "7d1f0c52e8a94b7ea3c6915f20d84e1b";

struct Said {
    std::ostringstream out;
    std::ostringstream errors;

    std::string printed() {
        auto text = out.str() + errors.str();
        out.str({});
        errors.str({});
        return text;
    }
};

/// The journal of a gate that is stopped, with a verdict in it, and its settings.
struct Recorded : SampleExport, Said {
    JournalPlace place;
    ExplainPassageOptions options{passage_id, {{}, folder.path() / "gate.yaml"}, false};

    Recorded() {
        sample.close();
        place.state = folder.path();
    }
    std::filesystem::path put(const char* name, const std::string& text) {
        std::ofstream{folder.path() / name} << text;
        return folder.path() / name;
    }
};

}  // namespace

TEST_CASE_METHOD(Said, "facts are decided, and each rule says what it saw") {
    CHECK(explain_facts({facts_file, ruleset_file, false}, out, errors) == 0);
    CHECK_THAT(printed(), contains_text("hold, by ruleset 12 (fresh)") && contains_text("hold  rule_hold Q01") &&
                              contains_text("true  rule Q01 Food of the five prefectures, CSQU3054383") &&
                              contains_text("true  origin JP; saw JP"));
}

TEST_CASE_METHOD(Said, "facts of no decided passage show no draw and nobody who is looking for the box") {
    const store::testing::TemporaryDirectory folder;
    auto facts = file_text(facts_file);
    const auto sampled = facts.find("\"sampling\": 900000");
    REQUIRE(sampled != std::string::npos);
    facts.replace(sampled, 18, "\"sampling\": 0");  // it would be drawn
    const auto target = facts.find("MSKU0028235");
    REQUIRE(target != std::string::npos);
    facts.replace(target, 11, "CSQU3054383");  // it would be looked for
    const auto file = folder.path() / "facts.json";
    std::ofstream{file} << facts;
    for (const bool json : {false, true}) {
        CHECK(explain_facts({file, ruleset_file, json}, out, errors) == 0);
        CHECK_THAT(printed(), contains_text("withheld") && !contains_text("targeting_inspect") &&
                                  !contains_text("sampling_drawn") && !contains_text("gate_drawn"));
    }
}

TEST_CASE_METHOD(Said, "a file that cannot be read is named") {
    CHECK(explain_facts({"nothing.json", ruleset_file, false}, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("nothing.json"));
    CHECK(explain_facts({facts_file, facts_file, false}, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("facts.json"));
}

TEST_CASE("a verdict that is decided again is held against what is recorded, member by member") {
    const auto event = codec::parse_value(file_text("docs/events/examples/verdict.issued.json")).value();
    auto recorded = recorded_verdict(19, event).value();
    const auto passage = codec::read_facts(recorded.facts).value();
    const Policy policy{{{Way::out, {}, Movement::import_laden, {Authority{"ciq"}}, WithoutOrder::hold}}};
    const ExplainedPassage explained{supervision::CompiledRuleset{supervision::policy_alone(policy)}, passage};
    CHECK(differences(recorded, explained.verdict()).empty());
    *recorded.data.find("outcome") = "hold";
    recorded.data.find("reasons")->get<List>()->clear();
    CHECK(differences(recorded, explained.verdict()) == std::vector<std::string>{"outcome", "reasons"});
}

TEST_CASE("a verdict says why it cannot be decided again") {
    auto event = codec::parse_value(file_text("docs/events/examples/verdict.issued.json")).value();
    const auto why = [&](const Value& facts) {
        *event.find("data")->find("facts") = facts;
        return without_facts(recorded_verdict(19, event).value()).value_or("");
    };
    CHECK_THAT(why("unknown"), contains_text("too long"));
    CHECK_THAT(why("sha256:" + std::string(64, 'a')), contains_text("erased"));
    CHECK(why("{}").empty());
    CHECK_FALSE(recorded_verdict(19, codec::parse_value(R"({"type":"portcullis.arm.moved.v1","data":{}})").value()));
}

TEST_CASE_METHOD(Recorded, "a recorded passage without a verdict is none that can be explained") {
    options.passage = std::string(32, 'f');
    CHECK(explain_passage(place, options, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("holds no verdict"));
}

TEST_CASE_METHOD(Recorded, "a candidate ruleset is tried with recorded passages") {
    CHECK(try_ruleset(place, {ruleset_file, {}, false}, out, errors) == 0);
    CHECK_THAT(printed(), contains_text("verdicts tried"));
    CHECK(try_ruleset(place, {ruleset_file, "2099-01-01T00:00:00.000Z", false}, out, errors) == 0);
    CHECK_THAT(printed(), contains_text("0 verdicts tried, 0 would have been others"));
    CHECK(try_ruleset(place, {put("none.json", "{}"), {}, false}, out, errors) == 1);
    CHECK_THAT(printed(), contains_text("none.json"));
}
