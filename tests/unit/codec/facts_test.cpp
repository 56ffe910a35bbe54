#include "codec/facts.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;

namespace {

std::string refusal_of(const std::string& text) {
    const auto read = codec::read_facts(text);
    return read ? std::string{} : read.error().message();
}

std::string again(const std::string& text) {
    const auto read = codec::read_facts(text).value();
    return codec::write_facts(read.facts, read.orders, read.basis);
}

/// What the schema's example does not show.
constexpr auto everything = R"({
  "at": "2026-11-25T04:00:00.000Z", "gate": "g07", "lane": "out-1", "way": "out",
  "passage": "0123456789abcdef0123456789abcdef",
  "containers": ["CSQU3054383"], "size_types": {"CSQU3054383": "22G1"}, "invalid_containers": ["CSQU3O54383"],
  "plate": "闽D12345", "other_plates": ["粤Z1234港"], "home_plate": "粤Z1234港", "invalid_plates": ["D12345"],
  "readers_disagree": ["plate"], "radiation": "unknown",
  "lookup_failed": true, "orders_empty": true, "orders_behind": true, "authorities_behind": ["ciq"], "order_cursor": 7,
  "orders": [{"authority": "ciq", "order": "R-1", "kind": "release", "status": "released",
              "valid_from": "2026-11-23T00:00:00.000Z", "officer": "A1", "decided": "2026-11-22T08:00:00.000Z"}],
  "usage": [{"authority": "ciq", "order": "R-1", "control_point": "g08", "state": "used",
             "passage": "00000000000000000000000000000001"}],
  "passes": {"version": 7, "expires": "2026-12-23T00:00:00.000Z",
             "passes": [{"pass": "P-1", "kind": "visitor", "plate": "闽D12345", "lanes": ["in-1"],
                         "hours": {"from": "22:00", "to": "24:00"}, "valid_from": "2026-11-23T00:00:00.000Z",
                         "valid_to": "2026-11-27T00:00:00.000Z", "count": 3, "taken": 2}]}
})";

}  // namespace

TEST_CASE("facts that are written and read again are the same") {
    for (const auto& text : {file_text("docs/central/examples/facts.json"), std::string{everything}}) {
        const auto written = again(text);
        CHECK(again(written) == written);
    }
}

TEST_CASE("facts keep what only a passage has, and no case of a ruleset") {
    const auto read = codec::read_facts(again(everything)).value();
    CHECK(read.facts.passage.text() == "0123456789abcdef0123456789abcdef");
    CHECK(read.facts.identity.containers.at(0).size_type == "22G1");
    CHECK(read.facts.identity.invalid_containers == std::vector<std::string>{"CSQU3O54383"});
    CHECK(read.facts.identity.other_plates.size() == 1);
    CHECK(read.facts.identity.home_plate == read.facts.identity.other_plates.at(0));
    CHECK(read.facts.identity.invalid_plates == std::vector<std::string>{"D12345"});
    CHECK(read.facts.identity.disagreements.at(0).kind == ReadingKind::plate);
    CHECK(read.facts.measures.radiation == RadiationState::unknown);
    CHECK(read.orders.failed);
    CHECK(read.orders.empty_cache);
    CHECK(read.orders.behind);
    CHECK(read.orders.authorities_behind == std::vector{Authority{"ciq"}});
    CHECK(read.orders.cursor == 7);
    const auto& usage = read.orders.orders.at(0).usage.at(0);
    CHECK(usage.state == UsageState::used);
    CHECK(usage.key.control_point == ControlPoint{"g08"});
    CHECK(usage.passage.text().ends_with("1"));
    REQUIRE(read.facts.measures.passes);
    CHECK(read.facts.measures.passes->version == 7);
    const auto& known = read.facts.measures.passes->passes.at(0);
    CHECK(known.pass.lanes == std::vector{LaneName{"in-1"}});
    CHECK(known.pass.hours == DayWindow{22 * 60, 24 * 60});
    CHECK(known.pass.count == 3);
    CHECK(known.taken == 2);
}

TEST_CASE("a box without a zone result is one thing, a box of whose results nothing is known another") {
    const auto read = [](const std::string& said) {
        const auto facts = R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1","containers":["CSQU3054383"],
                               "about":[{"container":"CSQU3054383")" +
                           said + "}]}";
        return codec::read_facts(again(facts)).value().facts.measures.boxes.at(0).result_state();
    };
    CHECK(read(R"(,"zone_result":"none")") == ZoneResultState::none);
    CHECK_FALSE(read(""));
    CHECK_FALSE(read(R"(,"zone_result":null)"));
    CHECK_THAT(refusal_of(R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1","containers":["CSQU3054383"],
                             "about":[{"container":"CSQU3054383","zone_result":"pass"}]})"),
               contains_text("zone_result"));
}

TEST_CASE("facts that name what is not there are refused") {
    CHECK_THAT(refusal_of(R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1","surplus":1})"),
               contains_text("surplus"));
    CHECK_THAT(refusal_of(R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1",
                             "size_types":{"CSQU3054383":"22G1"}})"),
               contains_text("is none of the containers"));
    CHECK_THAT(refusal_of(R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1",
                             "usage":[{"authority":"ciq","order":"R-1","state":"used"}]})"),
               contains_text("is none of the orders"));
    CHECK_THAT(refusal_of(R"({"gate":"g07","lane":"out-1"})"), contains_text("at"));
}

TEST_CASE("a reading that no document can carry still counts as one") {
    auto read = codec::read_facts(everything).value();
    read.facts.identity.invalid_containers = {"\x01", ""};
    const auto written = codec::write_facts(read.facts, read.orders, read.basis);
    CHECK(codec::read_facts(written).value().facts.identity.invalid_containers.size() == 2);
}
