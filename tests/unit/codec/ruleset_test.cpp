#include "codec/ruleset.hpp"

#include <boost/json.hpp>

#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using codec::RefusalCause;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;
namespace json = boost::json;

namespace {

json::value example() {
    return json::parse(file_text("docs/central/examples/ruleset.json"));
}

/// The example with one place changed.
std::string with(std::string_view pointer, json::value value) {
    auto document = example();
    const auto last = pointer.rfind('/');
    auto& holder = document.at_pointer(pointer.substr(0, last));
    const auto step = pointer.substr(last + 1);
    if (auto* list = holder.if_array()) {
        list->at(static_cast<std::size_t>(std::stoul(std::string{step}))) = std::move(value);
    } else {
        holder.as_object()[step] = std::move(value);
    }
    return json::serialize(document);
}

codec::Refusal refused(std::string_view pointer, json::value value) {
    const auto read = codec::read_ruleset(with(pointer, std::move(value)));
    return read ? codec::Refusal{RefusalCause::parse, "taken", ""} : read.error();
}

std::string message(std::string_view pointer, json::value value) {
    return refused(pointer, std::move(value)).message();
}

/// `condition` within `joins` lists of `all`.
json::value nested(std::size_t joins) {
    json::value condition = json::parse(R"({"origin":["JP"]})");
    for (std::size_t i = 0; i < joins; ++i) {
        condition = json::object{{"all", json::array{std::move(condition)}}};
    }
    return condition;
}

}  // namespace

TEST_CASE("A ruleset is read with everything that it says") {
    const auto read = codec::read_ruleset(file_text("docs/central/examples/ruleset.json"));
    REQUIRE(read);
    const auto& ruleset = read->ruleset;
    CHECK(ruleset.version == 12);
    CHECK(ruleset.terminal == "xmht");
    CHECK(time_text(ruleset.effective.value()) == "2026-11-24T00:00:00.000Z");
    REQUIRE(ruleset.policy.rows.size() == 2);
    CHECK(ruleset.policy.rows[1] ==
          PolicyRow{Way::out, {}, Movement::import_laden, {Authority{"ciq"}}, WithoutOrder::hold});
    CHECK(ruleset.classes.unknown == "C");
    CHECK(ruleset.classes.enterprises.at("3502960123").enterprise_class == "A");
    CHECK(ruleset.sampling.rates.at(0) == SamplingRate{"A", "food", Movement::import_laden, 20'000});
    CHECK(ruleset.sampling.keys.at(0).gate == "g07");
    CHECK(ruleset.zones.at(1).arrive_within == std::chrono::minutes{15});
    CHECK(ruleset.weight == WeightTolerance{50, 1000, ToleranceChoice::larger});
    CHECK(ruleset.readings == ReadingPolicy{70, true});
    CHECK(ruleset.staleness.ladder.at(1).allows == VerdictOutcome::inspect);
    CHECK(ruleset.oversight == R"({"tiers":[{"answer_within_s":900,"tier":1}]})");

    REQUIRE(ruleset.rules.size() == 2);
    const auto& rule = ruleset.rules[1];
    CHECK(rule.id == "Q08");
    CHECK(rule.outcome == VerdictOutcome::inspect);
    CHECK(rule.unknown == UnknownOutcome::inspect);
    CHECK(rule.rate_ppm == 200'000);
    CHECK(rule.zone == "Z2");
    REQUIRE(rule.predicates.size() == 7);
    CHECK(rule.predicates[2].at_least == 22 * 60);
    CHECK(rule.predicates[2].at_most == 6 * 60);
    CHECK(rule.predicates[4].within == std::chrono::hours{24});
    using Node = ConditionNode;
    const std::vector<Node> tree{{Join::any, 3, 0},       {Join::predicate, 0, 0}, {Join::negation, 1, 0},
                                 {Join::predicate, 0, 1}, {Join::all, 5, 0},       {Join::predicate, 0, 2},
                                 {Join::predicate, 0, 3}, {Join::predicate, 0, 4}, {Join::predicate, 0, 5},
                                 {Join::predicate, 0, 6}};
    CHECK(rule.condition == tree);

    REQUIRE(read->cases.size() == 1);
    const auto& one = read->cases[0];
    CHECK(one.facts.measures.boxes.at(0).tickets.size() == 2);
    CHECK(one.facts.measures.boxes.at(0).zone_result->answers == std::vector<std::string>{"rule:Q08"});
    CHECK(one.orders.orders.size() == 3);
    CHECK(one.orders.orders[1].order.revoked);
    CHECK(one.expected.rules == std::vector<std::string>{"Q01"});
}

TEST_CASE("What is written is read as the same ruleset and written as the same bytes") {
    const auto read = codec::read_ruleset(file_text("docs/central/examples/ruleset.json"));
    REQUIRE(read);
    const auto text = codec::write_ruleset(*read);
    const auto again = codec::read_ruleset(text);
    REQUIRE(again);
    CHECK(again->ruleset == read->ruleset);
    CHECK(codec::write_ruleset(*again) == text);
}

TEST_CASE("The least that a ruleset can say is read with the defaults") {
    const auto read = codec::read_ruleset(
        R"({"kind":"ruleset","version":1,"terminal":"xmht","gates":["*"],"issued":"2026-11-23T00:00:00.000Z",)"
        R"("expires":"2026-12-23T00:00:00.000Z","policy":[],"rules":[]})");
    REQUIRE(read);
    CHECK(read->ruleset.weight == WeightTolerance{});
    CHECK(read->ruleset.staleness == Staleness{});
    CHECK(read->cases.empty());
    CHECK(codec::read_ruleset(codec::write_ruleset(*read))->ruleset == read->ruleset);
}

TEST_CASE("How many readers a number needs is written only where it is more than one") {
    const auto read = codec::read_ruleset(with("/readings/readers_at_least", 2));
    REQUIRE(read);
    CHECK(read->ruleset.readings == ReadingPolicy{70, true, 2});
    const auto text = codec::write_ruleset(*read);
    CHECK_THAT(text, contains_text("readers_at_least"));
    CHECK(codec::read_ruleset(text)->ruleset == read->ruleset);
    CHECK(codec::write_ruleset(*codec::read_ruleset(json::serialize(example()))).find("readers_at_least") ==
          std::string::npos);
    CHECK_THAT(message("/readings/readers_at_least", 4), contains_text("readers_at_least"));
}

TEST_CASE("Texts of a predicate are kept in order whatever the order they came in") {
    const auto read = codec::read_ruleset(with("/rules/0/when", json::parse(R"({"origin":["KR","JP"]})")));
    REQUIRE(read);
    CHECK(read->ruleset.rules[0].predicates.at(0).texts == std::vector<std::string>{"JP", "KR"});
}

TEST_CASE("A condition that says nothing clear refuses the ruleset at its place") {
    const auto when = [](std::string_view condition) { return message("/rules/0/when", json::parse(condition)); };
    CHECK_THAT(when(R"({"all":[]})"), contains_text("/rules/0/when/all: must be a list of at least one condition"));
    CHECK_THAT(when(R"({"origin":["JP"],"wood":["yes"]})"), contains_text("/rules/0/when: must be an object with one"));
    CHECK_THAT(when(R"({"all":[{"orgin":["JP"]}]})"), contains_text("/rules/0/when/all/0/orgin: is nothing that"));
    CHECK_THAT(when(R"({"origin":["Japan"]})"), contains_text("/rules/0/when/origin/0: \"Japan\" is not a country"));
    CHECK_THAT(when(R"({"origin":[]})"), contains_text("must be a list of at least one text"));
    CHECK_THAT(when(R"({"origin":["JP","JP"]})"), contains_text("names \"JP\" twice"));
    CHECK_THAT(when(R"({"seal":["unknown"]})"), contains_text("is none of: intact, tampered"));
    CHECK_THAT(when(R"({"gross_kg":{}})"), contains_text("/rules/0/when/gross_kg/at_least: is missing"));
    CHECK_THAT(when(R"({"gross_kg":{"at_least":5,"at_most":4}})"), contains_text("it would never match"));
    CHECK_THAT(when(R"({"time_window":{"from":"22:00","to":"24:00"}})"), contains_text("to: must be a time of day"));
    CHECK_THAT(when(R"({"time_window":{"from":"22:00","to":"22:00"}})"), contains_text("would be empty"));
    CHECK_THAT(when(R"({"date":{"name":"shipped"}})"), contains_text("one is needed"));
    CHECK_THAT(when(R"({"repeat_visits":{"at_least":3}})"), contains_text("within_h: is missing"));
    CHECK_THAT(when(R"({"attribute":{"name":"radiation_cert","is":["yes"],"of":"x"}})"),
               contains_text("of: is not known here"));
    CHECK_THAT(when(R"({"plate_province":["闽D"]})"), contains_text("is not the character of a province"));
    CHECK_THAT(when(R"({"origin_region":["Fukushima"]})"), contains_text("ISO 3166-2"));
}

TEST_CASE("Limits refuse a ruleset as too complex") {
    CHECK(message("/rules/0/when", nested(16)).starts_with("taken"));
    CHECK(refused("/rules/0/when", nested(17)).cause == RefusalCause::limits);
    json::array many;
    for (int i = 0; i < 65; ++i) {
        many.push_back(nested(0));
    }
    CHECK(refused("/rules/0/when", json::object{{"all", many}}).cause == RefusalCause::limits);
    many.pop_back();
    CHECK(message("/rules/0/when", json::object{{"all", many}}).starts_with("taken"));
    CHECK(refused("/rules", json::array(10'001)).cause == RefusalCause::limits);
    CHECK(refused("/cases", json::array(1'001)).cause == RefusalCause::limits);
    json::object enterprises;
    for (int i = 0; i <= 200'000; ++i) {
        enterprises[std::to_string(i)] = json::object{{"class", "A"}};
    }
    CHECK_THAT(message("/classes/enterprises", enterprises), contains_text("200001 enterprises, at most 200000"));
    enterprises.erase("0");
    CHECK(message("/classes/enterprises", enterprises).starts_with("taken"));
    const auto large = with("/oversight", json::object{{"filler", json::string(8'400'000, 'x')}});
    CHECK(codec::read_ruleset(large).error().cause == RefusalCause::size);
}

TEST_CASE("Names that are used and not declared refuse the ruleset") {
    CHECK_THAT(message("/rules/1/zone", "Z9"), contains_text("there is no zone \"Z9\" among zones"));
    CHECK_THAT(message("/sampling/zone", "Z9"), contains_text("/sampling/zone: there is no zone"));
    CHECK_THAT(message("/sampling/rates/0/class", "E"), contains_text("there is no class \"E\""));
    CHECK_THAT(message("/sampling/rates/0/goods", "foods"), contains_text("there is no group \"foods\""));
    CHECK_THAT(message("/classes/unknown", "E"), contains_text("/classes/unknown"));
    CHECK_THAT(message("/classes/enterprises/3502960999/class", "E"), contains_text("/3502960999/class: there is no"));
    CHECK_THAT(message("/staleness/ladder/0/class", "E"), contains_text("/staleness/ladder/0/class"));
    CHECK_THAT(message("/rules/0/when", json::parse(R"({"enterprise_class":["E"]})")),
               contains_text("/rules/0/when: there is no class"));
    CHECK_THAT(message("/cases/0/expect/rules/0", "Q99"), contains_text("there is no rule \"Q99\" among rules"));
    CHECK_THAT(message("/rules/1/methods", json::array{"open"}), contains_text("zone \"Z2\" cannot do \"open\""));
}

TEST_CASE("Names that are declared twice and ends that do not rise refuse the ruleset") {
    CHECK_THAT(message("/rules/1/rule", "Q01"),
               contains_text("/rules/1/rule: \"Q01\" stands here for the second time"));
    CHECK_THAT(message("/zones/1/zone", "Z1"), contains_text("/zones/1/zone"));
    CHECK_THAT(message("/expires", "2026-11-23T01:02:03.000Z"), contains_text("is not after issued"));
    CHECK_THAT(message("/effective", "2027-03-01T00:00:00.000Z"), contains_text("is not before expires"));
    CHECK_THAT(message("/rules/1/valid_to", "2011-03-11T00:00:00.000Z"), contains_text("is before valid_from"));
    CHECK_THAT(message("/staleness/orders/ageing_s", 60), contains_text("must rise"));
    auto key = example().at_pointer("/sampling/keys/0");
    auto next = key;
    next.as_object()["key"] = "2027-01";
    next.as_object()["from"] = "2026-12-31T23:59:59.999Z";
    next.as_object()["to"] = "2027-02-01T00:00:00.000Z";
    CHECK_THAT(message("/sampling/keys", json::array{key, next}), contains_text("/1/from: the period overlaps"));
    next.as_object()["from"] = "2027-01-01T00:00:00.000Z";
    CHECK(message("/sampling/keys", json::array{key, next}).starts_with("taken"));
}

TEST_CASE("A rule never releases and only an inspection takes a share") {
    CHECK_THAT(message("/rules/0/outcome", "release"), contains_text("is none of: inspect, hold"));
    CHECK_THAT(message("/rules/0/rate_ppm", 20'000), contains_text("a hold takes every box"));
    CHECK_THAT(message("/rules/1/rate_ppm", 0), contains_text("from 1 to 1000000"));
    CHECK_THAT(message("/rules/0/zone", "Z1"), contains_text("only of a rule that inspects"));
}

TEST_CASE("Who writes a ruleset sees everything that is wrong with it and what is near") {
    auto document = example();
    document.at_pointer("/rules/0").as_object()["outcome"] = "holds";
    document.at_pointer("/rules/1").as_object()["zone"] = "Z3";
    document.as_object()["surplus"] = 1;
    const auto all = codec::ruleset_refusals(json::serialize(document), 100);
    REQUIRE(all.size() == 3);
    CHECK(all[0].pointer == "/rules/0/outcome");
    CHECK(all[0].hint == "did you mean `hold`?");
    CHECK(all[1].pointer == "/surplus");
    CHECK(all[2].pointer == "/rules/1/zone");
    CHECK(all[2].hint == "did you mean `Z1`?");
    CHECK(codec::ruleset_refusals(json::serialize(document), 2).size() == 2);
    CHECK(codec::ruleset_refusals(json::serialize(example()), 100).empty());
}
