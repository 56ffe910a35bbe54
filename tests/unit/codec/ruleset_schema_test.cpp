#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "codec/ruleset.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using portcullis::testing::file_text;
namespace json = boost::json;

/// The published schema and the reader of gates say the same of the example with each of its places changed.
namespace {

class RulesetSchema {
public:
    RulesetSchema() : text_(json::parse(file_text("docs/central/ruleset.schema.json"))) {
        valijson::SchemaParser parser{valijson::SchemaParser::kDraft7};
        parser.populateSchema(valijson::adapters::BoostJsonAdapter{text_}, schema_);
    }
    bool takes(const json::value& document) {
        valijson::Validator validator;
        return validator.validate(schema_, valijson::adapters::BoostJsonAdapter{document}, nullptr);
    }

private:
    json::value text_;
    valijson::Schema schema_;
};

/// What a reader asks for that a schema cannot say: relations between members, and forms that are calculated.
constexpr std::array beyond_schemas{
    "there is no ",
    "for the second time",
    "is not after",
    "is before",
    "is not before",
    "must rise",
    "never match",
    "would be empty",
    "overlaps",
    "cannot do",
    "a hold takes every",
    "only of a rule that",
    "check digit",
    "is none of the ",
    "is nothing that a rule",
    "must be a time in",
    "province",
    "is not a registration plate",
    "that no plate has",
    "too short",
    "names nothing: it would match every vehicle",
    "is none of: order_released",
};

bool is_beyond_schemas(const std::string& reason) {
    return std::any_of(beyond_schemas.begin(), beyond_schemas.end(),
                       [&](const char* part) { return reason.find(part) != std::string::npos; });
}

/// Every value that may stand in the place of another, and be right or wrong there.
const std::vector<json::value>& replacements() {
    static const std::vector<json::value> values{
        nullptr,
        true,
        0,
        1,
        -1,
        1'000'001,
        "",
        "x",
        "X",
        "unknown",
        "yes",
        "hold",
        "release",
        "JP",
        "22:00",
        "99:99",
        "1.4",
        "*",
        "Ä",
        json::string(129, 'a'),
        json::string(600, 'a'),
        json::array{},
        json::array{"x"},
        json::array{"JP", "JP"},
        json::array{1},
        json::array{nullptr},
        json::object{},
        json::object{{"x", "x"}},
        json::object{{"origin", json::array{"JP"}}},
        "2026-11-23T01:02:03.000Z",
    };
    return values;
}

/// Calls `visit(place)` for every value of `node` and below; the place may be changed and is put back.
template <class Visit>
void for_each_place(json::value& node, Visit&& visit) {  // NOLINT(misc-no-recursion)
    visit(node);
    if (auto* object = node.if_object()) {
        for (auto& member : *object) {
            for_each_place(member.value(), visit);
        }
    } else if (auto* array = node.if_array()) {
        for (auto& item : *array) {
            for_each_place(item, visit);
        }
    }
}

struct Count {
    int taken = 0;
    int refused = 0;
    int beyond = 0;
};

void compare(RulesetSchema& schema, const json::value& document, Count& count) {
    const bool valid = schema.takes(document);
    const auto read = codec::read_ruleset(json::serialize(document));
    if (read.ok() == valid) {
        ++(valid ? count.taken : count.refused);
    } else if (valid && is_beyond_schemas(read.error().reason)) {
        ++count.beyond;
    } else {
        FAIL_CHECK("schema: " << valid << ", reader: " << (read ? "taken" : read.error().message()) << "\n"
                              << json::serialize(document).substr(0, 300));
    }
}

}  // namespace

TEST_CASE("The schema and the reader agree on the example with every place replaced") {
    RulesetSchema schema;
    auto document = json::parse(file_text("docs/central/examples/ruleset.json"));
    REQUIRE(schema.takes(document));
    Count count;
    std::vector<json::value*> places;
    for_each_place(document, [&](json::value& place) { places.push_back(&place); });
    std::reverse(places.begin(), places.end());  // what is put back is a copy: places below it are gone then
    std::size_t turn = 0;
    for (auto* place : places) {
        const auto kept = *place;
        // Every second one, by turns: all of them would take a sanitizer minutes.
        for (auto i = turn++ % 2; i < replacements().size(); i += 2) {
            *place = replacements()[i];
            compare(schema, document, count);
        }
        *place = kept;
    }
    CHECK(count.taken > 100);
    CHECK(count.refused > 1000);
    CHECK(count.beyond > 20);
}

TEST_CASE("The schema and the reader agree on the example with every member gone or one too many") {
    RulesetSchema schema;
    auto document = json::parse(file_text("docs/central/examples/ruleset.json"));
    Count count;
    std::vector<json::object*> objects;
    for_each_place(document, [&](json::value& place) {
        if (place.is_object()) {
            objects.push_back(&place.get_object());
        }
    });
    std::reverse(objects.begin(), objects.end());
    for (auto* object : objects) {
        const auto kept = *object;
        for (const auto& member : kept) {
            object->erase(member.key());
            compare(schema, document, count);
            *object = kept;
        }
        (*object)["surplus"] = "x";
        compare(schema, document, count);
        *object = kept;
    }
    CHECK(count.taken > 20);
    CHECK(count.refused > 20);
}
