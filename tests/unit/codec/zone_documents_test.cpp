// Zone results, pass lists and sampling keys: what central signs beside orders and rulesets.
#include <boost/json.hpp>

#include "codec/passes_document.hpp"
#include "codec/sampling_key_document.hpp"
#include "codec/zone_result_document.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using codec::RefusalCause;
using portcullis::testing::contains_text;
namespace json = boost::json;

namespace {

std::string example(const std::string& kind) {
    return testing::file_text("docs/central/examples/" + kind + ".json");
}

/// The document with one place changed.
std::string with(const std::string& text, std::string_view pointer, json::value value) {
    auto document = json::parse(text);
    const auto last = pointer.rfind('/');
    document.at_pointer(pointer.substr(0, last)).as_object()[pointer.substr(last + 1)] = std::move(value);
    return json::serialize(document);
}

std::string without(const std::string& text, std::string_view pointer) {
    auto document = json::parse(text);
    const auto last = pointer.rfind('/');
    document.at_pointer(pointer.substr(0, last)).as_object().erase(pointer.substr(last + 1));
    return json::serialize(document);
}

/// Every change refuses the document: `read` is the kind's reader.
template <class Read>
void refused_each(const std::string& text, Read read, const std::vector<std::pair<std::string, json::value>>& changes) {
    REQUIRE(read(text));
    for (const auto& [pointer, value] : changes) {
        INFO(pointer << " = " << json::serialize(value));
        const auto result = read(with(text, pointer, value));
        REQUIRE_FALSE(result);
        CHECK(result.error().pointer.starts_with(pointer.substr(0, pointer.rfind('/'))));
    }
}

template <class Read>
void refused_without(const std::string& text, Read read, const std::vector<std::string>& members) {
    for (const auto& member : members) {
        INFO("without " << member);
        CHECK_FALSE(read(without(text, member)));
    }
}

}  // namespace

TEST_CASE("A zone result is read with all that it says and written back to the byte") {
    const auto read = codec::read_zone_result(example("zone_result"));
    REQUIRE(read);
    const auto& result = read->result;
    CHECK(result.id == "ZR-2026-000017");
    CHECK(result.container.text() == "CSQU3054383");
    CHECK(result.zone == "Z2");
    CHECK(result.result == ZoneResultState::pass);
    CHECK(result.answers == std::vector<std::string>{"sampling", "rule:Q07", "order:ciq:T-2026-000045"});
    CHECK(result.new_seals == std::vector<std::string>{"CN123457"});
    CHECK(result.inspectors == std::vector<std::string>{"A113", "B007"});
    CHECK(read->measurements.at("dose_rate") == "0.11 µSv/h");
    const auto kept = codec::write_zone_result(*read);
    const auto again = codec::read_zone_result(kept);
    REQUIRE(again);
    CHECK(again->result == result);
    CHECK(codec::write_zone_result(*again) == kept);
}

TEST_CASE("A zone result that is wrong anywhere is refused whole") {
    refused_each(example("zone_result"), codec::read_zone_result,
                 {{"/kind", "zone_results"},
                  {"/surplus", 1},
                  {"/terminal", "XMHT"},
                  {"/gates", json::array{}},
                  {"/container", "CSQU3054384"},
                  {"/zone", "Z 2"},
                  {"/result", "none"},
                  {"/result", "passed"},
                  {"/methods", nullptr},
                  {"/answers", json::array{"everything"}},
                  {"/answers", json::array{"order:T-2026-000045"}},
                  {"/answers", json::array{"rule:"}},
                  {"/inspectors", json::array{}},
                  {"/inspectors", json::array{"sha256:" + std::string(64, 'a')}},
                  {"/approver", ""},
                  {"/ended", "2026-11-23T00:00:00.000Z"},
                  {"/expires", "2026-11-20T00:00:00.000Z"},
                  {"/measurements", json::object{{"Dose", "1"}}},
                  {"/measurements", json::object{{"dose", 1}}}});
    refused_without(
        example("zone_result"), codec::read_zone_result,
        {"/kind", "/terminal", "/gates", "/issued", "/expires", "/result_id", "/container", "/zone", "/result",
         "/methods", "/answers", "/new_seals", "/inspectors", "/approver", "/started", "/ended"});
}

TEST_CASE("A pass list is read with hours over midnight and with counts") {
    const auto list = codec::read_passes(example("passes"));
    REQUIRE(list);
    CHECK(list->version == 7);
    REQUIRE(list->passes.size() == 2);
    const auto& standing = list->passes.front();
    CHECK(standing.kind == PassKind::standing);
    CHECK(standing.plate.text() == "闽D88888");
    REQUIRE(standing.hours);
    CHECK(standing.hours->holds(23 * 60));
    CHECK(standing.hours->holds(5 * 60 + 59));
    CHECK_FALSE(standing.hours->holds(6 * 60));
    CHECK_FALSE(standing.hours->holds(12 * 60));
    const auto& visitor = list->passes.back();
    CHECK(visitor.lanes == std::vector{LaneName{"in-1"}});
    CHECK(visitor.count == 2);
    CHECK_FALSE(visitor.hours);
}

TEST_CASE("A pass list that is wrong anywhere is refused whole") {
    const auto text = example("passes");
    refused_each(text, codec::read_passes,
                 {{"/version", 0},
                  {"/gates", json::array{"G07"}},
                  {"/expires", "2026-11-01T00:00:00.000Z"},
                  {"/passes/0/plate", "闽"},
                  {"/passes/1/pass", "P-2026-0001"},
                  {"/passes/0/kind", "guest"},
                  {"/passes/0/hours", json::object{{"from", "7:00"}, {"to", "19:00"}}},
                  {"/passes/0/hours", json::object{{"from", "07:60"}, {"to", "19:00"}}},
                  {"/passes/0/hours", json::object{{"from", "07:00"}, {"to", "24:01"}}},
                  {"/passes/0/hours", json::object{{"from", "07:00"}, {"to", "07:00"}}},
                  {"/passes/0/hours", json::object{{"from", "07:00"}}},
                  {"/passes/0/valid_to", "2026-01-01T00:00:00.000Z"},
                  {"/passes/0/count", 0},
                  {"/passes/0/lanes", json::array{"in 1"}},
                  {"/passes/1/count", nullptr},
                  {"/passes/1/surplus", 1}});
    refused_without(text, codec::read_passes,
                    {"/kind", "/version", "/terminal", "/gates", "/issued", "/expires", "/passes", "/passes/0/pass",
                     "/passes/0/kind", "/passes/0/plate", "/passes/0/valid_from", "/passes/0/valid_to"});
}

TEST_CASE("A pass list is written back to the byte") {
    const auto written = codec::write_passes(codec::read_passes(example("passes")).value());
    const auto again = codec::read_passes(written);
    REQUIRE(again);
    CHECK(*again == codec::read_passes(example("passes")).value());
    CHECK(codec::write_passes(*again) == written);
    auto until_midnight = *again;
    until_midnight.passes.front().hours = DayWindow{20 * 60, 24 * 60};
    CHECK(codec::read_passes(codec::write_passes(until_midnight)).value() == until_midnight);
}

TEST_CASE("A refusal of a pass list quotes no plate") {
    const auto refused = codec::read_passes(with(example("passes"), "/passes/0/plate", "闽D8888I"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("8888") == std::string::npos);
    const auto doubled = codec::read_passes(with(example("passes"), "/passes/1/pass", "P-2026-0001"));
    REQUIRE_FALSE(doubled);
    CHECK(doubled.error().message().find("P-2026") == std::string::npos);
}

TEST_CASE("More passes of one vehicle than are kept with a verdict are beyond the limits") {
    auto document = json::parse(example("passes"));
    auto& passes = document.as_object()["passes"].as_array();
    const auto pass = passes.front();
    for (std::size_t i = 1; i <= codec::most_passes_of_a_plate; ++i) {
        auto& one = passes.emplace_back(pass).as_object();
        one["pass"] = "P-" + std::to_string(i);
    }
    const auto refused = codec::read_passes(json::serialize(document));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == RefusalCause::limits);
    passes.pop_back();
    CHECK(codec::read_passes(json::serialize(document)));
}

TEST_CASE("More passes than a gate keeps are beyond its limits") {
    auto document = json::parse(example("passes"));
    auto& passes = document.as_object()["passes"].as_array();
    const auto pass = passes.front();
    for (std::size_t i = passes.size(); i <= codec::most_passes; ++i) {
        passes.push_back(pass);
    }
    const auto refused = codec::read_passes(json::serialize(document));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == RefusalCause::limits);
}

TEST_CASE("A sampling key on its way is read and written back to the byte") {
    const auto key = codec::read_sampling_key(example("sampling_key"));
    REQUIRE(key);
    CHECK(key->gate == "g07");
    CHECK(key->key_id == "g07-2026-12");
    CHECK(time_text(key->to) == "2027-01-01T00:00:00.000Z");
    const auto written = codec::write_sampling_key(*key);
    const auto again = codec::read_sampling_key(written);
    REQUIRE(again);
    CHECK(again->sealed == key->sealed);
    CHECK(codec::write_sampling_key(*again) == written);
}

TEST_CASE("A sampling key that is wrong anywhere is refused whole") {
    refused_each(example("sampling_key"), codec::read_sampling_key,
                 {{"/kind", "key"},
                  {"/gate", "*"},
                  {"/key_id", ""},
                  {"/to", "2026-12-01T00:00:00.000Z"},
                  {"/sealed", "AAAA"},
                  {"/sealed", nullptr},
                  {"/surplus", json::object{}}});
}
