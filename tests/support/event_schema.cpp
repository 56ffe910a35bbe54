#include "tests/support/event_schema.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace portcullis::testing {
namespace {

namespace json = boost::json;
using valijson::adapters::BoostJsonAdapter;

constexpr std::string_view folder = "docs/events";
constexpr std::string_view common_file = "common.v1.json";
constexpr std::string_view common_reference = "urn:portcullis:schema:common.v1#/";

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) {
        throw std::runtime_error{path.string() + " cannot be read: tests run in the root of the source tree"};
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Points references to common.v1 into the document itself: valijson fetches nothing then.
void make_references_local(json::value& node) {
    if (auto* object = node.if_object()) {
        for (auto& member : *object) {
            auto* reference = member.key() == "$ref" ? member.value().if_string() : nullptr;
            if (reference != nullptr && std::string_view{*reference}.starts_with(common_reference)) {
                *reference = "#/" + std::string{std::string_view{*reference}.substr(common_reference.size())};
            }
            make_references_local(member.value());
        }
    } else if (auto* array = node.if_array()) {
        for (auto& item : *array) {
            make_references_local(item);
        }
    }
}

/// All schema nodes that describe one place of an event.
using Descriptions = std::vector<const json::object*>;

/// Finds members that no schema declares.
class UndeclaredFinder {
public:
    UndeclaredFinder(const json::value& schema, std::vector<std::string>& problems)
        : schema_(schema), problems_(problems) {}

    void find(const json::value& instance) { visit(instance, expanded(schema_), ""); }

private:
    /// The node and everything that `$ref`, `allOf`, `anyOf` and `oneOf` add to it.
    [[nodiscard]] Descriptions expanded(const json::value& node) const {
        Descriptions descriptions;
        const auto* object = node.if_object();
        if (object == nullptr) {
            return descriptions;
        }
        descriptions.push_back(object);
        const auto add = [&](const json::value& other) {
            const auto more = expanded(other);
            descriptions.insert(descriptions.end(), more.begin(), more.end());
        };
        if (const auto* reference = object->if_contains("$ref")) {
            add(schema_.at_pointer(std::string_view{reference->as_string()}.substr(1)));
        }
        for (const auto* keyword : {"allOf", "anyOf", "oneOf"}) {
            if (const auto* parts = object->if_contains(keyword)) {
                for (const auto& part : parts->as_array()) {
                    add(part);
                }
            }
        }
        return descriptions;
    }

    void visit(const json::value& instance, const Descriptions& descriptions, const std::string& pointer) {
        if (const auto* object = instance.if_object()) {
            for (const auto& member : *object) {
                const auto inner = described(descriptions, "properties", member.key());
                const auto place = pointer + "/" + std::string{member.key()};
                if (inner.empty()) {
                    problems_.push_back(place + ": no schema declares this member");
                }
                visit(member.value(), inner, place);
            }
        } else if (const auto* array = instance.if_array()) {
            const auto inner = described(descriptions, "items", {});
            for (std::size_t i = 0; i < array->size(); ++i) {
                visit((*array)[i], inner, pointer + "/" + std::to_string(i));
            }
        }
    }

    /// What the descriptions say about a member (or about items, without a name).
    [[nodiscard]] Descriptions described(const Descriptions& descriptions, json::string_view keyword,
                                         json::string_view name) const {
        Descriptions found;
        for (const auto* description : descriptions) {
            const auto* node = description->if_contains(keyword);
            if (node != nullptr && !name.empty()) {
                node = node->as_object().if_contains(name);
            }
            if (node != nullptr) {
                const auto more = expanded(*node);
                found.insert(found.end(), more.begin(), more.end());
            }
        }
        return found;
    }

    const json::value& schema_;
    std::vector<std::string>& problems_;
};

}  // namespace

struct EventSchemas::Schemas {
    struct Entry {
        json::value document;
        valijson::Schema compiled;
    };
    std::map<std::string, Entry, std::less<>> by_id;
};

EventSchemas::EventSchemas() : schemas_{std::make_unique<Schemas>()} {
    const std::filesystem::path root{folder};
    const auto common = json::parse(read_text(root / common_file));
    for (const auto& file : std::filesystem::directory_iterator{root}) {
        if (file.path().extension() != ".json" || file.path().filename() == common_file) {
            continue;
        }
        auto document = json::parse(read_text(file.path()));
        document.as_object()["definitions"] = common.at("definitions");
        make_references_local(document);
        auto& entry = schemas_->by_id[std::string{document.at("$id").as_string()}];
        entry.document = std::move(document);
        valijson::SchemaParser parser;
        parser.populateSchema(BoostJsonAdapter{entry.document}, entry.compiled);
    }
}

EventSchemas::~EventSchemas() = default;

std::vector<std::string> EventSchemas::problems(std::string_view published) const {
    std::vector<std::string> problems;
    json::error_code error;
    const auto event = json::parse(published, error);
    if (error || !event.is_object()) {
        return {"not a JSON object"};
    }
    const auto* id = event.get_object().if_contains("dataschema");
    const auto entry = id == nullptr || !id->is_string() ? schemas_->by_id.end()
                                                         : schemas_->by_id.find(std::string_view{id->get_string()});
    if (entry == schemas_->by_id.end()) {
        return {"/dataschema: there is no such schema"};
    }
    valijson::Validator validator;
    valijson::ValidationResults results;
    validator.validate(entry->second.compiled, BoostJsonAdapter{event}, &results);
    for (valijson::ValidationResults::Error result; results.popError(result);) {
        std::string place;
        for (const auto& step : result.context) {
            place += step;
        }
        problems.push_back(place + ": " + result.description);
    }
    UndeclaredFinder{entry->second.document, problems}.find(event);
    return problems;
}

}  // namespace portcullis::testing
