#include "codec/event_catalogue.hpp"

#include <boost/json/value.hpp>
#include <stdexcept>
#include <utility>

#include "codec/json.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;
using SchemasById = std::map<std::string, json::value, std::less<>>;

constexpr std::string_view id_prefix = "urn:portcullis:schema:";
constexpr std::string_view id_suffix = ".v1";
constexpr JsonLimits schema_limits{std::size_t{1024} * 1024, 64};
constexpr int deepest_reference = 64;  ///< a schema of ours describes a finite tree

/// Follows the marks of one schema through `properties`, `items`, `allOf` and `$ref`.
class MarkCollector {
public:
    explicit MarkCollector(const SchemasById& schemas) : schemas_(schemas) {}

    /// Adds what `schema`, a node of the document `home`, marks.
    void collect(const json::value& schema, const std::string& home, PersonalMarks& marks, int depth = 0) const {
        const auto* node = schema.if_object();
        if (node == nullptr) {
            return;
        }
        if (depth > deepest_reference) {
            throw std::runtime_error{"event schema " + home + " refers to itself without end"};
        }
        collect_own(*node, marks);
        if (const auto* reference = node->if_contains("$ref")) {
            const auto [target, target_home] = resolve(std::string_view{reference->as_string()}, home);
            collect(*target, target_home, marks, depth + 1);
        }
        if (const auto* parts = node->if_contains("allOf")) {
            for (const auto& part : parts->as_array()) {
                collect(part, home, marks, depth + 1);
            }
        }
        if (const auto* properties = node->if_contains("properties")) {
            for (const auto& property : properties->as_object()) {
                const auto inner = marks.members.try_emplace(std::string{property.key()}).first;
                collect(property.value(), home, inner->second, depth + 1);
                if (inner->second.empty()) {
                    marks.members.erase(inner);
                }
            }
        }
        if (const auto* items = node->if_contains("items")) {
            auto inner = std::make_unique<PersonalMarks>();
            collect(*items, home, *inner, depth + 1);
            if (!inner->empty()) {
                marks.items = std::move(inner);
            }
        }
    }

private:
    static void collect_own(const json::object& node, PersonalMarks& marks) {
        if (const auto* always = node.if_contains("x-personal")) {
            marks.always = marks.always || always->as_bool();
        }
        if (const auto* condition = node.if_contains("x-personal-if")) {
            const auto& decision = *condition->as_object().begin();
            marks.decided_by = decision.key();
            for (const auto& value : decision.value().as_array()) {
                marks.decisive.emplace_back(value.as_string());
            }
        }
    }

    std::pair<const json::value*, std::string> resolve(std::string_view reference, const std::string& home) const {
        const auto hash = reference.find('#');
        const auto document = hash == 0 ? std::string{home} : std::string{reference.substr(0, hash)};
        const auto found = schemas_.find(document);
        json::error_code error;
        const auto* target =
            found == schemas_.end()
                ? nullptr
                : found->second.find_pointer(hash == std::string_view::npos ? "" : reference.substr(hash + 1), error);
        if (target == nullptr) {
            throw std::runtime_error{"event schema " + home + ": nothing is at $ref " + std::string{reference}};
        }
        return {target, document};
    }

    const SchemasById& schemas_;
};

SchemasById parse_schemas(std::span<const std::string_view> texts) {
    SchemasById schemas;
    for (const auto text : texts) {
        auto schema = parse_json(text, schema_limits);
        if (!schema) {
            throw std::runtime_error{"event schema: " + schema.error().message()};
        }
        const auto* id = schema->is_object() ? schema->get_object().if_contains("$id") : nullptr;
        if (id == nullptr || !id->is_string()) {
            throw std::runtime_error{"event schema without $id"};
        }
        schemas.emplace(std::string{id->get_string()}, std::move(schema).value());
    }
    return schemas;
}

/// `passage.detected` of `urn:portcullis:schema:passage.detected.v1`; empty for a schema of no event.
std::string_view type_of(std::string_view id) {
    if (!id.starts_with(id_prefix) || !id.ends_with(id_suffix)) {
        return {};
    }
    const auto type = id.substr(id_prefix.size(), id.size() - id_prefix.size() - id_suffix.size());
    return type.find('.') == std::string_view::npos ? std::string_view{} : type;
}

void list_pointers(const PersonalMarks& marks, const std::string& pointer, std::vector<std::string>& pointers) {
    if (marks.always) {
        pointers.push_back(pointer);
    } else if (!marks.decided_by.empty()) {
        auto place = pointer + "?" + marks.decided_by;
        char before = '=';
        for (const auto& word : marks.decisive) {
            place.append(1, std::exchange(before, '|')).append(word);
        }
        pointers.push_back(place);
    }
    for (const auto& [name, inner] : marks.members) {
        list_pointers(inner, pointer_to(pointer, name), pointers);
    }
    if (marks.items) {
        list_pointers(*marks.items, pointer + "/*", pointers);
    }
}

}  // namespace

EventCatalogue::EventCatalogue(std::span<const std::string_view> texts) {
    const auto schemas = parse_schemas(texts);
    const MarkCollector collector{schemas};
    for (const auto& [id, schema] : schemas) {
        const auto type = type_of(id);
        if (type.empty()) {
            continue;
        }
        PersonalMarks event;
        collector.collect(schema, id, event);
        const auto data = event.members.find("data");
        marks_of_data_.emplace(type, data == event.members.end() ? PersonalMarks{} : std::move(data->second));
    }
}

const PersonalMarks* EventCatalogue::find(std::string_view type) const {
    const auto found = marks_of_data_.find(type);
    return found == marks_of_data_.end() ? nullptr : &found->second;
}

std::vector<std::string> EventCatalogue::types() const {
    std::vector<std::string> types;
    for (const auto& [type, marks] : marks_of_data_) {
        types.push_back(type);
    }
    return types;
}

std::vector<std::string> EventCatalogue::personal_pointers(std::string_view type) const {
    std::vector<std::string> pointers;
    if (const auto* marks = find(type)) {
        list_pointers(*marks, "/data", pointers);
    }
    return pointers;
}

}  // namespace portcullis::codec
