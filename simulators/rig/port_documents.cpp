#include "simulators/rig/port_documents.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/time_text.hpp"
#include "simulators/rig/gate_settings.hpp"

namespace portcullis::rig {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

json::object head(const char* kind, WallTime now) {
    return {{"kind", kind},
            {"terminal", terminal_name},
            {"gates", json::array{"*"}},
            {"issued", time_text(now - 1h)},
            {"expires", time_text(now + 30 * 24h)}};
}

json::array texts(const std::vector<std::string>& all) {
    return json::array(all.begin(), all.end());
}

std::string sealed(const central::SigningKey& key, const std::string& kind, const json::object& payload) {
    return key.envelope("application/vnd.portcullis." + kind + "+json", json::serialize(payload));
}

json::object row(const char* movement, const char* consent) {
    return {{"movement", movement}, {"consents", json::array{consent}}, {"without_order", "hold"}};
}

}  // namespace

std::string port_root(const central::SigningKey& key, WallTime now) {
    const json::object role{{"keys", json::array{json::value(key.key_id())}}, {"threshold", 1}};
    auto root = head("root", now);
    root["version"] = 1;
    root["keys"] = json::array{json::object{{"keyid", key.key_id()}, {"name", "central"}, {"key", key.public_key()}}};
    root["roles"] = json::object{{"root", role},
                                 {"timestamp", role},
                                 {"ruleset", role},
                                 {"zone_result", role},
                                 {"passes", role},
                                 {"vehicles", role},
                                 {"orders", json::object{{"ciq", role}, {"terminal", role}}}};
    return sealed(key, "root", root);
}

std::string port_ruleset(const central::SigningKey& key, const PortRuleset& ruleset, WallTime now) {
    auto document = head("ruleset", now);
    document["version"] = ruleset.version;
    document["expires"] = time_text(now + ruleset.life);
    document["policy"] = json::array{row("import_laden", "ciq"), row("empty_in", "terminal"),
                                     row("empty_out", "terminal"), json::object{{"without_order", "release"}}};
    json::array rules;
    if (!ruleset.holds_plate.empty()) {
        rules.push_back(json::object{{"rule", "D01"},
                                     {"title", "This tractor waits"},
                                     {"basis", "a play"},
                                     {"when", json::object{{"plate", json::array{json::value(ruleset.holds_plate)}}}},
                                     {"outcome", "hold"},
                                     {"unknown", "hold"}});
    }
    if (ruleset.weighs) {
        document["weight"] = json::object{{"permille", 50}, {"kg", 1000}, {"choice", "larger"}};
        rules.push_back(json::object{{"rule", "Q27"},
                                     {"title", "Weighed otherwise than declared"},
                                     {"basis", "a play"},
                                     {"when", json::object{{"weight_delta", json::array{"yes"}}}},
                                     {"outcome", "inspect"},
                                     {"unknown", "hold"}});
    }
    if (!ruleset.suspects_to.empty()) {
        document["zones"] = json::array{json::object{{"zone", ruleset.suspects_to},
                                                     {"title", "Where suspects are measured again"},
                                                     {"methods", json::array{"radiation"}}}};
        rules.push_back(json::object{{"rule", "R01"},
                                     {"title", "More gamma than the background allows"},
                                     {"basis", "a play"},
                                     {"when", json::object{{"radiation", json::array{"suspect"}}}},
                                     {"outcome", "inspect"},
                                     {"zone", ruleset.suspects_to},
                                     {"methods", json::array{"radiation"}},
                                     {"unknown", "hold"}});
    }
    document["rules"] = std::move(rules);
    return sealed(key, "ruleset", document);
}

std::string port_passes(const central::SigningKey& key, const std::string& plate, WallTime now) {
    auto list = head("passes", now);
    list["version"] = 1;
    list["passes"] = json::array{json::object{{"pass", "P-2026-0003"},
                                              {"kind", "visitor"},
                                              {"plate", plate},
                                              {"count", 1},
                                              {"valid_from", time_text(now - 1h)},
                                              {"valid_to", time_text(now + 12h)}}};
    return sealed(key, "passes", list);
}

std::string port_vehicles(const central::SigningKey& key, const std::string& plate, std::int64_t tare_kg,
                          WallTime now) {
    auto list = head("vehicles", now);
    list["version"] = 1;
    list["vehicles"] = json::array{json::object{{"plate", plate}, {"covers", "vehicle"}, {"tare_kg", tare_kg}}};
    return sealed(key, "vehicles", list);
}

std::string port_zone_result(const central::SigningKey& key, const Concluded& concluded, WallTime now) {
    auto result = head("zone_result", now);
    result["result_id"] = "ZR-" + concluded.container;
    result["container"] = concluded.container;
    result["zone"] = concluded.zone;
    result["result"] = concluded.result;
    result["methods"] = json::array{"radiation"};
    result["answers"] = texts(concluded.answers);
    result["new_seals"] = texts(concluded.new_seals);
    result["inspectors"] = json::array{"A113"};
    result["approver"] = "C001";
    result["started"] = time_text(now - 2s);
    result["ended"] = time_text(now - 1s);
    return sealed(key, "zone_result", result);
}

}  // namespace portcullis::rig
