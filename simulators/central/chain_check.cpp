#include "simulators/central/chain_check.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "simulators/central/canonical_json.hpp"

namespace portcullis::central {
namespace {

std::string text_member(const boost::json::value& object, std::string_view name) {
    const auto* member = object.is_object() ? object.get_object().if_contains(name) : nullptr;
    return member != nullptr && member->is_string() ? std::string{member->get_string()} : std::string{};
}

bool is_text(const boost::json::value& value, std::string_view text) {
    return value.is_string() && value.get_string() == text;
}

std::string escaped(std::string_view name) {
    std::string out;
    for (const char character : name) {
        out += character == '~' ? "~0" : character == '/' ? "~1" : std::string(1, character);
    }
    return out;
}

Salt salt_of(std::string_view text) {
    Salt salt{};
    if (text.size() != 2 * salt.size()) {
        throw std::invalid_argument("salt is not 32 hex digits");
    }
    for (std::size_t i = 0; i < salt.size(); ++i) {
        salt[i] = static_cast<std::uint8_t>(std::stoul(std::string{text.substr(2 * i, 2)}, nullptr, 16));
    }
    return salt;
}

}  // namespace

/// A value of the event that a schema node speaks of.
struct EventSchemas::Node {
    const boost::json::value& value;
    const boost::json::value* parent;
    std::string pointer;
};

EventSchemas::EventSchemas(const std::filesystem::path& folder) {
    std::error_code missing;
    for (const auto& file : std::filesystem::directory_iterator{folder, missing}) {
        if (file.path().extension() == ".json") {
            std::ostringstream text;
            text << std::ifstream{file.path()}.rdbuf();
            auto schema = boost::json::parse(text.str());
            schemas_[text_member(schema, "$id")] = std::move(schema);
        }
    }
    if (schemas_.empty()) {
        throw std::runtime_error("no event schemas in " + folder.string() + ": name the folder docs/events");
    }
}

std::optional<std::vector<std::string>> EventSchemas::personal(const boost::json::value& event) const {
    const auto schema = schemas_.find(text_member(event, "dataschema"));
    if (schema == schemas_.end()) {
        return std::nullopt;
    }
    std::vector<std::string> found;
    walk(schema->second, {event, nullptr, ""}, found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

void EventSchemas::walk(const boost::json::value& schema, const Node& node, std::vector<std::string>& found) const {
    if (!schema.is_object()) {
        return;
    }
    const auto& object = schema.get_object();
    bool marked = false;
    if (const auto* mark = object.if_contains("x-personal")) {
        marked = mark->is_bool() && mark->get_bool();
    }
    if (const auto* condition = object.if_contains("x-personal-if"); condition != nullptr && node.parent != nullptr) {
        for (const auto& [sibling, words] : condition->as_object()) {
            const auto word = text_member(*node.parent, sibling);
            const auto& list = words.as_array();
            marked =
                marked || std::any_of(list.begin(), list.end(), [&](const auto& each) { return is_text(each, word); });
        }
    }
    if (!marked) {
        walk_children(object, node, found);
    } else if (!is_text(node.value, "unknown") && !is_text(node.value, "none")) {
        found.push_back(node.pointer);
    }
}

void EventSchemas::walk_children(const boost::json::object& schema, const Node& node,
                                 std::vector<std::string>& found) const {
    if (const auto* reference = schema.if_contains("$ref")) {
        walk(resolve(std::string{reference->as_string()}), node, found);
    }
    if (const auto* parts = schema.if_contains("allOf")) {
        for (const auto& part : parts->as_array()) {
            walk(part, node, found);
        }
    }
    if (const auto* members = schema.if_contains("properties"); members != nullptr && node.value.is_object()) {
        for (const auto& [name, part] : members->as_object()) {
            if (const auto* member = node.value.get_object().if_contains(name)) {
                walk(part, {*member, &node.value, node.pointer + "/" + escaped(name)}, found);
            }
        }
    }
    if (const auto* items = schema.if_contains("items"); items != nullptr && node.value.is_array()) {
        const auto& list = node.value.get_array();
        for (std::size_t i = 0; i < list.size(); ++i) {
            walk(*items, {list[i], &node.value, node.pointer + "/" + std::to_string(i)}, found);
        }
    }
}

const boost::json::value& EventSchemas::resolve(std::string_view reference) const {
    const auto hash = reference.find('#');
    const auto schema = schemas_.find(reference.substr(0, hash));
    if (schema == schemas_.end()) {
        throw std::runtime_error("no schema " + std::string{reference});
    }
    return hash == std::string_view::npos ? schema->second : schema->second.at_pointer(reference.substr(hash + 1));
}

std::string record_of(boost::json::value event, const std::vector<std::string>& personal) {
    if (event.as_object().contains("salt")) {
        const auto salt = salt_of(text_member(event, "salt"));
        for (const auto& pointer : personal) {
            auto& value = event.at_pointer(pointer);
            const auto digest = hmac_sha256(salt, pointer + std::string(1, '\0') + canonical_json(value));
            value = "sha256:" + hex(digest);
        }
    }
    event.get_object().erase("salt");
    event.get_object().erase("previoushash");
    return canonical_json(event);
}

std::optional<std::string> ChainCheck::next(std::string_view bytes, const boost::json::value& event) {
    std::optional<std::string> wrong;
    if (text_member(event, "previoushash") != hex(hash_)) {
        wrong = "its previoushash is not the hash of the event before it";
    }
    try {
        if (canonical_json(event) != bytes) {
            wrong = "its bytes are not canonical";
        }
        const auto personal = schemas_->personal(event);
        if (!personal) {
            return "no schema " + text_member(event, "dataschema");
        }
        const auto previous = std::string{reinterpret_cast<const char*>(hash_.data()), hash_.size()};
        hash_ = sha256(std::string(1, '\0') + previous + record_of(event, *personal));
    } catch (const std::exception& error) {
        wrong = error.what();
    }
    return wrong;
}

}  // namespace portcullis::central
