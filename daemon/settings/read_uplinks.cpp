#include <algorithm>
#include <charconv>
#include <utility>

#include "settings/load_context.hpp"
#include "settings/text_check.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {
namespace {

constexpr std::string_view plain_scheme = "mqtt://";
constexpr std::string_view tls_scheme = "mqtts://";
constexpr const char* broker_help = "write mqtt://host or mqtts://host, with :port where it is not the usual one";

bool is_host(std::string_view host) {
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    const std::string_view marks = bracketed ? "[]:.%" : ".-";
    return !host.empty() && std::ranges::all_of(host, [marks](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stopped == end && port >= 1 && port <= 65535 && text.front() != '0';
}

bool has_tls(std::string_view broker) {
    return broker.starts_with(tls_scheme);
}

std::string read_broker(const ConfigNode& node, ConfigProblems& problems) {
    auto broker = node.text(problems);
    if (node.kind() != ConfigNode::Kind::scalar) {
        return broker;
    }
    const std::string_view view{broker};
    const auto scheme = has_tls(view) ? tls_scheme : plain_scheme;
    const auto rest = view.starts_with(scheme) ? view.substr(scheme.size()) : std::string_view{};
    const auto colon = rest.ends_with(']') ? std::string_view::npos : rest.rfind(':');
    const auto host = rest.substr(0, colon);
    if (!is_host(host)) {
        node.report(problems, "`" + broker + "` is no address of a broker", broker_help);
    } else if (colon != std::string_view::npos && !is_port(rest.substr(colon + 1))) {
        node.report(problems, "`" + std::string{rest.substr(colon + 1)} + "` is no port",
                    "write a port from 1 to 65535");
    } else if (has_tls(view) && host.starts_with('[')) {
        node.report(problems, "with TLS a broker cannot be named by an IPv6 address",
                    "write the host name that its certificate is for");
    }
    return broker;
}

/// One broker, or a list of them in the order of preference.
std::vector<std::string> read_brokers(const ConfigNode& node, ConfigProblems& problems) {
    if (node.kind() != ConfigNode::Kind::sequence) {
        return {read_broker(node, problems)};
    }
    std::vector<std::string> brokers;
    for (const auto& item : node.items()) {
        auto broker = read_broker(item, problems);
        if (std::ranges::find(brokers, broker) != brokers.end()) {
            item.report(problems, "`" + broker + "` stands here for the second time", "name each broker once");
        }
        brokers.push_back(std::move(broker));
    }
    constexpr std::size_t most = 8;
    if (brokers.empty() || brokers.size() > most) {
        node.report(problems, "a list of brokers has 1 to 8 of them", broker_help);
    }
    const auto secured = static_cast<std::size_t>(std::ranges::count_if(brokers, has_tls));
    if (secured != 0 && secured != brokers.size()) {
        node.report(problems, "brokers with and without TLS stand in one list: whoever disturbs one would be told all",
                    "write mqtts:// for each");
    }
    return brokers;
}

void check_tls(const ConfigNode& node, const UplinkSettings& uplink, ConfigProblems& problems) {
    const bool secured = std::ranges::any_of(uplink.brokers, has_tls);
    const bool given = node.find("tls") != nullptr;
    if (secured && !given) {
        node.report(problems, "mqtts:// needs to know whom to trust", "add `tls: { ca: FILE }`");
    } else if (given && !secured) {
        node.report(problems, "`tls` stands here and the broker is mqtt://", "write mqtts://, or leave `tls` out");
    }
}

std::string read_prefix(const ConfigNode& node, ConfigProblems& problems) {
    auto prefix = node.text(problems);
    std::string_view rest{prefix};
    bool good = !rest.empty();
    while (good && !rest.empty()) {
        const auto slash = std::min(rest.find('/'), rest.size());
        good = is_name(rest.substr(0, slash), NameForm::topic) && slash + 1 != rest.size();
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    if (node.kind() == ConfigNode::Kind::scalar && !good) {
        node.report(problems, "`" + prefix + "` is no prefix of topics",
                    "write names of a-z, 0-9 and - with / between, as in portcullis/xmht/g07");
    }
    return prefix;
}

UplinkSettings read_uplink(const ConfigNode& node, const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    UplinkSettings uplink;
    uplink.prefix = "portcullis/" + context.settings.terminal + "/" + context.settings.name;
    if (const auto* const name = node.require("name", problems)) {
        uplink.name = read_name(*name, NameForm::topic, problems);
    }
    if (const auto* const broker = node.require("broker", problems)) {
        uplink.brokers = read_brokers(*broker, problems);
    }
    if (const auto* const tls = node.find("tls")) {
        uplink.tls = read_tls(*tls, context);
    }
    check_tls(node, uplink, problems);
    if (const auto* const prefix = node.find("prefix")) {
        uplink.prefix = read_prefix(*prefix, problems);
    }
    if (const auto* const required = node.find("required")) {
        uplink.required = required->flag(problems);
    }
    if (const auto* const credentials = node.find("credentials")) {
        uplink.credentials = credentials->text(problems);
        auto [user, password] = read_credential(*credentials, context);
        uplink.user = std::move(user);
        uplink.password = std::move(password);
    }
    if (const auto* const window = node.find("ack_window")) {
        uplink.ack_window = window->integer(problems, 1, 100'000);
    }
    if (const auto* const in_flight = node.find("in_flight")) {
        uplink.in_flight = in_flight->integer(problems, 1, 100);
    }
    if (const auto* const evidence = node.find("evidence")) {
        uplink.evidence = evidence->flag(problems);
    }
    read_destination_view(node, root, uplink, context);
    if (uplink.evidence && !uplink.redact.empty()) {
        node.find("evidence")
            ->report(problems, "pictures show what `redact` is to hide from this destination",
                     "take one of the two out");
    }
    return uplink;
}

void check_against_others(const ConfigNode& node, const UplinkSettings& uplink, LoadContext& context) {
    for (const auto& other : context.settings.uplinks) {
        if (other.name == uplink.name) {
            node.report(context.problems, "a destination `" + uplink.name + "` stands here for the second time",
                        "give each its own name");
        }
        const bool shared = std::ranges::any_of(uplink.brokers, [&other](const std::string& broker) {
            return std::ranges::find(other.brokers, broker) != other.brokers.end();
        });
        if (shared && other.prefix == uplink.prefix) {
            node.report(context.problems,
                        "`" + other.name + "` has the same broker and prefix: both would answer for one stream",
                        "give one of them another prefix");
        }
    }
}

}  // namespace

void read_uplinks(const ConfigNode& root, LoadContext& context) {
    const auto* const list = require_because(
        root, "uplink", "say where events go: add `uplink:` with `- { name: supervision, broker: mqtt://... }`",
        context.problems);
    if (list == nullptr || !list->expect(ConfigNode::Kind::sequence, context.problems)) {
        return;
    }
    const auto problems_before = context.problems.all().size();
    for (const auto& item : list->items()) {
        if (item.expect(ConfigNode::Kind::map, context.problems)) {
            auto uplink = read_uplink(item, root, context);
            check_against_others(item, uplink, context);
            context.settings.uplinks.push_back(std::move(uplink));
        }
    }
    const bool understood = context.problems.all().size() == problems_before;
    if (understood && std::ranges::none_of(context.settings.uplinks, &UplinkSettings::required)) {
        list->report(context.problems, "no destination is required: events could be deleted that nobody has",
                     "let the supervision centre be `required: true`");
    }
}

}  // namespace portcullis::settings
