// What a gate saw adds up, and every box is matched, unmatched, or one that needs no order.
#include "supervision/coverage.hpp"

#include "core/time_text.hpp"
#include "supervision/history.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::supervision {
namespace {

using namespace std::chrono_literals;
using namespace testing;

Event event_of(std::string type, Object data) {
    return {std::move(type), "lane/out-1", {Instant{}, noon, ClockState::synchronised}, std::move(data), std::nullopt};
}

struct Ended {
    std::uint8_t passage = 1;
    std::string outcome = "cleared";
    std::string way = "out";
    std::string movement = "import_laden";
    std::vector<std::string> orders = {"matched"};  ///< one a box that was read
    Value boxes = 1;
    std::string test = "no";
};

Event detected(std::uint8_t passage) {
    return event_of("passage.detected", {{"passage", passage_id(passage).text()}});
}

Event ended(const Ended& one) {
    List boxes;
    for (const auto& order : one.orders) {
        boxes.emplace_back(
            Object{{"container", box_a}, {"order", order}, {"laden", "yes"}, {"enterprise", "3502960123"}});
    }
    return event_of("passage.ended", {{"passage", passage_id(one.passage).text()},
                                      {"lane", "out-1"},
                                      {"outcome", one.outcome},
                                      {"way", one.way},
                                      {"movement", one.movement},
                                      {"boxes", one.boxes},
                                      {"plates", List{truck}},
                                      {"box_coverage", std::move(boxes)},
                                      {"test", one.test}});
}

std::int64_t number(const Value& sheet, std::string_view name) {
    const auto* member = sheet.find(name);
    REQUIRE(member != nullptr);
    return *member->get<std::int64_t>();
}

std::int64_t outcome_of(const Value& sheet, std::string_view name) {
    return number(*sheet.find("passages"), name);
}

/// `out import_laden 2/3`: vehicles and boxes.
std::vector<std::string> directions(const Value& sheet) {
    std::vector<std::string> rows;
    for (const auto& row : *sheet.find("by")->get<List>()) {
        rows.push_back(*row.find("way")->get<std::string>() + " " + *row.find("movement")->get<std::string>() + " " +
                       std::to_string(number(row, "vehicles")) + "/" + std::to_string(number(row, "boxes")));
    }
    return rows;
}

class Counted {
public:
    Counted& with(const Event& event) {
        sheet.count(event, ++last);
        return *this;
    }
    [[nodiscard]] Value data() const { return sheet.data(last, noon + 1h); }

    std::int64_t last = 0;
    CoverageSheet sheet{1, noon};
};

BoxCoverage covered(const Verdict& verdict) {
    REQUIRE(verdict.boxes.size() == 1);
    return verdict.boxes.front().coverage;
}

}  // namespace

TEST_CASE("a box for which an order was found is matched, whatever the order says") {
    CHECK(covered(decide(leaving(), {release_order("R-1")})) == BoxCoverage::matched);
    CHECK(covered(decide(leaving(), {release_order("R-1", box_a, ReleaseStatus::held)})) == BoxCoverage::matched);
    CHECK(covered(decide(entering(), {appointment("M-1", Movement::empty_in, box_a)})) == BoxCoverage::matched);
}

TEST_CASE("a targeting order matches nothing: it declares no box") {
    TargetingMatch match;
    match.container = box(box_a);
    CHECK(covered(decide(entering(), {targeting("T-1", match, TargetingAction::watch)})) == BoxCoverage::unmatched);
}

TEST_CASE("a box without an order is unmatched, held or admitted, unless the policy wants none") {
    const auto held = decide(leaving(), {});
    CHECK(outcome(held) == "hold: order_missing");
    CHECK(covered(held) == BoxCoverage::unmatched);
    const auto admitted = decide(entering(), {});
    CHECK(outcome(admitted) == "release: unmatched");
    CHECK(covered(admitted) == BoxCoverage::unmatched);
    Policy policy;
    policy.rows.push_back({Way::in, {}, Movement::empty_in, {}, WithoutOrder::release});
    auto facts = entering();
    facts.fullness = Fullness::empty;
    const auto empty = evaluate(policy_alone(policy), facts, found({}), at(noon));
    CHECK(outcome(empty) == "release: policy_admit");
    CHECK(covered(empty) == BoxCoverage::no_order_needed);
}

TEST_CASE("a sheet adds up: passages that began, ended and are open, vehicles, boxes") {
    Counted counted;
    for (std::uint8_t passage = 1; passage <= 6; ++passage) {
        counted.with(detected(passage));
    }
    counted.with(ended({.passage = 1}));
    counted.with(ended({.passage = 2, .orders = {"matched", "unmatched"}, .boxes = 2}));
    counted.with(ended({.passage = 3, .way = "in", .movement = "empty_in", .orders = {"no_order_needed"}}));
    counted.with(ended({.passage = 4, .outcome = "merged", .movement = "unknown", .orders = {}, .boxes = "unknown"}));
    counted.with(ended({.passage = 5, .outcome = "turned_away", .orders = {}, .boxes = 1}));
    const auto sheet = counted.data();
    CHECK(number(sheet, "detected") == 6);
    CHECK(sheet.find("open")->get<List>()->size() == 1);
    CHECK(outcome_of(sheet, "cleared") == 3);
    CHECK(outcome_of(sheet, "turned_away") == 1);
    CHECK(outcome_of(sheet, "merged") == 1);
    CHECK(number(sheet, "phantoms") == 1);
    CHECK(number(sheet, "vehicles") == 4);
    CHECK(number(sheet, "boxes") == 5);
    CHECK(number(sheet, "matched") == 2);
    CHECK(number(sheet, "unmatched") == 2);
    CHECK(number(sheet, "no_order_needed") == 1);
    CHECK(directions(sheet) == std::vector<std::string>{"in empty_in 1/1", "out import_laden 3/4"});
    CHECK(number(sheet, "unopened") == 0);
}

TEST_CASE("a test's passage is counted, and is no vehicle") {
    Counted counted;
    const auto sheet = counted.with(detected(1)).with(ended({.passage = 1, .test = "yes"})).data();
    CHECK(number(sheet, "tests") == 1);
    CHECK(number(sheet, "vehicles") == 0);
    CHECK(number(sheet, "boxes") == 0);
    CHECK(outcome_of(sheet, "cleared") == 1);
}

TEST_CASE("an end without a beginning, or a second one, is told") {
    Counted counted;
    counted.with(ended({.passage = 9})).with(detected(1)).with(ended({.passage = 1})).with(ended({.passage = 1}));
    CHECK(number(counted.data(), "unopened") == 2);
}

TEST_CASE("what belongs to nobody is counted beside") {
    Counted counted;
    counted.with(event_of("observation.unassigned", {}));
    counted.with(event_of("journal.outage", {{"detections", 3}}));
    counted.with(event_of("lane.light", {}));
    CHECK(number(counted.data(), "unassigned") == 1);
    CHECK(number(counted.data(), "outage_detections") == 3);
}

TEST_CASE("the next sheet begins behind the one before it, with the passages that were open") {
    Counted counted;
    counted.with(detected(1)).with(detected(2)).with(ended({.passage = 1}));
    counted.with(event_of("coverage.hour", counted.sheet.data(3, noon + 1h)));
    counted.with(ended({.passage = 2}));
    const auto sheet = counted.data();
    CHECK(number(sheet, "first") == 5);
    CHECK(number(sheet, "last") == 5);
    CHECK(*sheet.find("from")->get<std::string>() == time_text(noon + 1h));
    CHECK(number(sheet, "open_before") == 1);
    CHECK(number(sheet, "detected") == 0);
    CHECK(number(sheet, "vehicles") == 1);
    CHECK(number(sheet, "unopened") == 0);
    CHECK(sheet.find("open")->get<List>()->empty());
}

TEST_CASE("more open passages than sixteen lanes hold are not followed, and show at their end") {
    Counted counted;
    for (std::size_t i = 0; i <= CoverageSheet::most_open; ++i) {
        counted.with(event_of("passage.detected", {{"passage", std::to_string(i)}}));
    }
    counted.with(event_of("passage.ended", {{"passage", std::to_string(CoverageSheet::most_open)}}));
    CHECK(number(counted.data(), "unopened") == 1);
}

TEST_CASE("a box that cleared an in lane is inside, and through an out lane it left") {
    const auto in = history_of(ended({.way = "in"}));
    REQUIRE(in.boxes.size() == 1);
    CHECK(in.boxes[0] == BoxMoved{box(box_a), BoxPlace::inside, noon, Tristate::yes, "3502960123"});
    CHECK(history_of(ended({.way = "out"})).boxes[0].place == BoxPlace::outside);
    CHECK(history_of(ended({.way = "unknown"})).boxes[0].place == BoxPlace::unknown);
}

TEST_CASE("a box that did not go through stays where it was, and where nobody watched, nobody knows") {
    const auto outcome = GENERATE("turned_away", "backed_out", "diverted", "abandoned", "merged", "void");
    CHECK(history_of(ended({.outcome = outcome})).boxes.empty());
    CHECK(history_of(ended({.outcome = "interrupted"})).boxes[0].place == BoxPlace::unknown);
    CHECK(history_of(ended({.test = "yes"})).boxes.empty());
}

TEST_CASE("a visit is remembered from the moment that its plates are known, and not by what an erasure left") {
    const auto identified = event_of("passage.identified", {{"passage", passage_id(7).text()},
                                                            {"lane", "in-1"},
                                                            {"tractor", truck},
                                                            {"trailer", "unknown"},
                                                            {"other_plates", List{"粤ZA123港"}}});
    const auto change = history_of(identified);
    REQUIRE(change.plates.size() == 2);
    CHECK(change.plates[0] == PlateSeen{truck, passage_id(7), LaneName{"in-1"}, noon});
    CHECK(history_of(ended({.passage = 7})).plates.size() == 1);
    const auto erased = event_of(
        "passage.ended",
        {{"passage", passage_id(7).text()}, {"outcome", "cleared"}, {"plates", "sha256:00"}, {"box_coverage", List{}}});
    CHECK(history_of(erased).empty());
}

TEST_CASE("of the orders that a verdict names those are remembered that say why a box was picked") {
    const auto seen = [](const char* id, const char* kind, const char* status) {
        return Value{Object{{"authority", "customs"}, {"order_id", id}, {"kind", kind}, {"status", status}}};
    };
    const auto verdict = event_of(
        "verdict.issued", {{"orders", List{seen("T-1", "targeting", "watch"), seen("R-1", "release", "released"),
                                           seen("R-2", "release", "inspect"), seen("R-3", "release", "treat"),
                                           seen("M-1", "movement", "active"), seen("T-2", "targeting", "revoked")}}});
    std::string named;
    for (const auto& one : history_of(verdict).named) {
        named += one.authority.text() + "/" + one.order.text() + " ";
    }
    CHECK(named == "customs/T-1 customs/R-2 customs/R-3 customs/T-2 ");
}

TEST_CASE("history is asked for by the plates, boxes and enterprises of a passage, and becomes its facts") {
    auto facts = leaving();
    const auto question = history_question(facts, found({release_order("R-1")}));
    CHECK(question.passage == facts.passage);
    CHECK(question.plates == std::vector<std::string>{truck});
    CHECK(question.boxes == std::vector<ContainerNumber>{box(box_a)});
    CHECK(question.enterprises == std::vector<std::string>{"3502960123"});
    HistoryFound past;
    past.visits = {{noon - 1h, "in-1"}};
    past.boxes = {{box(box_a), {Tristate::yes, {}}}};
    past.boxes_inside = {{"3502960123", 4}};
    put_history(facts, past);
    CHECK(facts.measures.visits->size() == 1);
    CHECK(facts.measures.boxes_inside_known);
    CHECK(facts.measures.boxes_inside.at("3502960123") == 4);
    REQUIRE(facts.measures.boxes.size() == 1);
    CHECK(facts.measures.boxes[0].history.left_already == Tristate::yes);
}

}  // namespace portcullis::supervision
