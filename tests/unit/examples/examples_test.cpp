#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/role.hpp"
#include "gate/load_plan.hpp"
#include "settings/dump_effective.hpp"
#include "settings/load.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis {
namespace {

namespace json = boost::json;
using settings::LoadedSettings;

constexpr std::array examples{"config/gate.yaml", "config/gate-two-lanes.yaml"};

LoadedSettings load(const std::string& file) {
    gate::DriverCatalogue catalogue;
    auto loaded = settings::load_gate_settings(file, gate::settings_surroundings(catalogue, {"config/profiles"}));
    for (const auto& problem : loaded.problems) {
        UNSCOPED_INFO(problem.message());
    }
    REQUIRE(loaded.settings);
    return loaded;
}

/// The first example over TLS: its files must be there, so it can be no example that we ship.
LoadedSettings load_secured() {
    const store::testing::TemporaryDirectory folder;
    for (const auto* const name : {"CERTIFICATE", "PRIVATE KEY"}) {
        const auto file = folder.path() / name;
        std::ofstream{file} << "-----BEGIN " << name << "-----\n-----END " << name << "-----\n";
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    std::ofstream{folder.path() / "policy.yaml"} << testing::file_text("config/policy.yaml");
    auto text = testing::file_text(examples.front());
    const auto broker = text.find("broker: mqtt://");
    const auto ends = text.find_first_of(", }", broker + 8);
    text.replace(broker, ends - broker,
                 "broker: mqtts://central.example, tls: { ca: ./CERTIFICATE, certificate: ./CERTIFICATE, key: "
                 "./PRIVATE KEY }");
    std::ofstream{folder.path() / "gate.yaml"} << text;
    return load((folder.path() / "gate.yaml").string());
}

json::value schema() {
    return json::parse(testing::file_text("config/gate.schema.json"));
}

/// As an editor sees it: YAML 1.2, in which `off` is a word.
json::value scalar(const std::string& text) {
    if (text == "true" || text == "false") {
        return text == "true";
    }
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text.size() < 10 ? json::value(std::stoll(text)) : json::value(text);
}

json::value as_json(const ConfigNode& node) {
    ConfigProblems none;
    switch (node.kind()) {
        case ConfigNode::Kind::empty:
            return nullptr;
        case ConfigNode::Kind::scalar:
            return scalar(node.text(none));
        case ConfigNode::Kind::sequence: {
            json::array items;
            for (const auto& item : node.items()) {
                items.push_back(as_json(item));
            }
            return items;
        }
        case ConfigNode::Kind::map: {
            json::object members;
            for (const auto& [name, member] : node.members()) {
                members[name] = as_json(member);
            }
            return members;
        }
    }
    return nullptr;
}

/// What the schema says against an instance; empty when it is valid.
std::string against_schema(const json::value& instance) {
    const auto document = schema();
    valijson::Schema parsed;
    valijson::SchemaParser{}.populateSchema(valijson::adapters::BoostJsonAdapter{document}, parsed);
    valijson::Validator validator;
    valijson::ValidationResults results;
    std::string out;
    if (!validator.validate(parsed, valijson::adapters::BoostJsonAdapter{instance}, &results)) {
        for (valijson::ValidationResults::Error error; results.popError(error);) {
            out += error.description + "\n";
        }
        out += "invalid";
    }
    return out;
}

/// What stands there is named by the site.
bool is_of_names(const std::string& path) {
    return path == "buses" || path == "devices" || path == "lanes" || path == "zones" || path == "portals";
}

/// Roles of one kind have the same keys below them.
std::string step(const std::string& parent, const std::string& key) {
    if (is_of_names(parent)) {
        return "*";
    }
    const auto role = parent == "lanes.*.roles" ? enum_from<Role>(key) : std::nullopt;
    return role ? std::to_string(static_cast<int>(kind_of(*role))) : key;
}

std::string joined(const std::string& parent, const std::string& key) {
    return parent.empty() ? key : parent + "." + key;
}

/// Keys that loading asked for.
void collect_asked(const ConfigNode& node, const std::string& path, std::set<std::string>& keys) {
    const bool names = is_of_names(path) || path == "lanes.*.roles";
    for (const auto& key : names ? std::vector<std::string>{} : node.asked()) {
        keys.insert(joined(path, key));
    }
    for (const auto& [name, member] : node.members()) {
        collect_asked(member, joined(path, step(path, name)), keys);
    }
    for (const auto& item : node.items()) {
        collect_asked(item, path + "[]", keys);
    }
}

/// Keys that the schema knows.
void collect_known(const json::value& schema, const json::object& node, const std::string& path,
                   std::set<std::string>& keys) {
    if (const auto* reference = node.if_contains("$ref")) {
        const std::string pointer{reference->as_string()};
        collect_known(schema, schema.at_pointer(pointer.substr(1)).as_object(), path, keys);
    }
    if (const auto* alternatives = node.if_contains("anyOf")) {
        for (const auto& alternative : alternatives->as_array()) {
            collect_known(schema, alternative.as_object(), path, keys);
        }
    }
    if (const auto* properties = node.if_contains("properties")) {
        for (const auto& property : properties->as_object()) {
            const std::string key{property.key()};
            if (path != "lanes.*.roles") {
                keys.insert(joined(path, key));
            }
            collect_known(schema, property.value().as_object(), joined(path, step(path, key)), keys);
        }
    }
    if (const auto* further = node.if_contains("additionalProperties"); further != nullptr && further->is_object()) {
        collect_known(schema, further->as_object(), joined(path, "*"), keys);
    }
    if (const auto* items = node.if_contains("items")) {
        collect_known(schema, items->as_object(), path + "[]", keys);
    }
}

}  // namespace

TEST_CASE("the settings that we ship are good, and load again with every default") {
    for (const auto* file : examples) {
        CAPTURE(file);
        const auto first = load(file);
        gate::DriverCatalogue catalogue;
        const auto text = settings::dump_effective(*first.settings);
        const auto again = settings::load_gate_settings_text(text, file, gate::settings_surroundings(catalogue, {}));
        REQUIRE(again.settings);
        CHECK(*again.settings == *first.settings);
    }
}

TEST_CASE("a gate of one lane fits on one screen") {
    const auto text = testing::file_text("config/gate.yaml");
    CHECK(std::ranges::count(text, '\n') <= 45);
}

TEST_CASE("the schema accepts what we ship, also with every default, and refuses a wrong key") {
    for (const auto* file : examples) {
        CAPTURE(file);
        const auto loaded = load(file);
        CHECK(against_schema(as_json(loaded.files.front().root)) == "");
        gate::DriverCatalogue catalogue;
        const auto text = settings::dump_effective(*loaded.settings);
        const auto again = settings::load_gate_settings_text(text, file, gate::settings_surroundings(catalogue, {}));
        auto instance = as_json(again.files.front().root);
        CHECK(against_schema(instance) == "");
        instance.as_object()["gate"].as_object()["nam"] = "g07";
        CHECK(against_schema(instance) != "");
    }
}

TEST_CASE("the schema's keys are exactly the keys that settings and drivers ask for") {
    std::set<std::string> asked;
    for (const auto* file : examples) {
        collect_asked(load(file).files.front().root, "", asked);
    }
    collect_asked(load_secured().files.front().root, "", asked);
    std::set<std::string> known;
    const auto document = schema();
    collect_known(document, document.as_object(), "", known);
    CHECK(asked == known);
    CHECK(known.contains("lanes.*.arm.close"));
}

TEST_CASE("the schema's roles are the roles that there are, each of its kind") {
    const auto document = schema();
    const auto& roles =
        document.at_pointer("/properties/lanes/additionalProperties/properties/roles/properties").as_object();
    CHECK(roles.size() == enum_texts<Role>.size());
    for (const auto& row : enum_texts<Role>) {
        CAPTURE(row.text);
        const auto* const role = roles.if_contains(row.text);
        REQUIRE(role != nullptr);
        const std::array<std::string, 8> kinds{"input", "output",      "reader",       "camera",
                                               "sign",  "weighbridge", "load_scanner", "radiation"};
        CHECK(std::string{role->at("$ref").as_string()} ==
              "#/definitions/" + kinds.at(static_cast<std::size_t>(kind_of(row.value))));
    }
}

TEST_CASE("the shipped policy holds what leaves laden and admits what comes in laden") {
    const auto policy = load("config/gate.yaml").settings->policy;
    const auto row = [&policy](Way way, Load box, Movement movement) {
        for (const auto& candidate : policy.rows) {
            if (candidate.way.value_or(way) == way && candidate.load.value_or(box) == box &&
                candidate.movement.value_or(movement) == movement) {
                return candidate;
            }
        }
        return PolicyRow{};
    };
    CHECK(row(Way::out, Load::one_40, Movement::import_laden).without_order == WithoutOrder::hold);
    CHECK(row(Way::out, Load::one_40, Movement::import_laden).consents == std::vector{Authority{"ciq"}});
    CHECK(row(Way::out, Load::two_20, Movement::unknown).without_order == WithoutOrder::hold);
    CHECK(row(Way::in, Load::one_40, Movement::unknown).without_order == WithoutOrder::hold);
    CHECK(row(Way::in, Load::one_40, Movement::export_laden).without_order == WithoutOrder::release);
    CHECK(row(Way::in, Load::one_20, Movement::empty_in).consents == std::vector{Authority{"terminal"}});
    CHECK(row(Way::out, Load::one_20, Movement::empty_out).without_order == WithoutOrder::hold);
    CHECK(row(Way::out, Load::none, Movement::no_box).without_order == WithoutOrder::release);
    CHECK(row(Way::out, Load::unknown, Movement::no_box).without_order == WithoutOrder::hold);
}

TEST_CASE("under the shipped policy no authority lets a box leave without the consent that its movement needs") {
    const auto policy = load("config/gate.yaml").settings->policy;
    for (const auto& row : policy.rows) {
        const bool moves_box = row.movement && *row.movement != Movement::no_box;
        const bool lets_in = row.way == Way::in && row.movement == Movement::export_laden;
        const bool no_box = row.load == Load::none && row.movement == Movement::no_box;
        CHECK((no_box || lets_in || (moves_box && !row.consents.empty())));
    }
}

}  // namespace portcullis
