#include <algorithm>
#include <array>

#include "core/hash256.hpp"
#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

/// sockaddr_un(7): 108 bytes with the NUL at its end.
constexpr std::size_t longest_socket_path = 107;
constexpr std::array<std::string_view, 3> known_languages{"en", "zh-CN", "zh-TW"};

void read_languages(const ConfigNode& node, LoadContext& context) {
    if (!node.expect(ConfigNode::Kind::sequence, context.problems)) {
        return;
    }
    context.settings.languages.clear();
    for (const auto& item : node.items()) {
        auto language = item.text(context.problems);
        if (std::ranges::find(known_languages, language) == known_languages.end()) {
            item.report(context.problems, "`" + language + "` is no language of this version",
                        nearest_help(language, {known_languages.begin(), known_languages.end()}));
        }
        context.settings.languages.push_back(std::move(language));
    }
    if (node.items().empty()) {
        node.report(context.problems, "the list is empty", "name at least one language, as in [zh-CN, en]");
    }
}

void read_time_zone(const ConfigNode& node, LoadContext& context) {
    context.settings.time_zone = node.text(context.problems);
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"/_+-"}.find(c) != std::string_view::npos;
    };
    const auto& zone = context.settings.time_zone;
    if (node.kind() == ConfigNode::Kind::scalar && (zone.empty() || !std::ranges::all_of(zone, allowed))) {
        node.report(context.problems, "`" + zone + "` is no time zone", "write it like Asia/Shanghai or UTC");
    }
}

std::filesystem::path read_absolute_path(const ConfigNode& node, LoadContext& context) {
    std::filesystem::path path{node.text(context.problems)};
    if (node.kind() == ConfigNode::Kind::scalar && !path.is_absolute()) {
        node.report(context.problems, "`" + path.string() + "` is no absolute path", "let it begin with /");
    }
    return path;
}

void read_orders_key(const ConfigNode& key, LoadContext& context) {
    const auto text = key.text(context.problems);
    const auto bytes = hash256_from_hex(text);
    if (bytes && context.surroundings.valid_key(text)) {
        context.settings.orders_key = *bytes;
    } else if (bytes) {
        key.report(context.problems, "no Ed25519 key pair has this public key",
                   "copy the 64 hex digits that `portcullis-sign keygen` printed");
    } else if (key.kind() == ConfigNode::Kind::scalar) {
        key.report(context.problems, "this is no public key",
                   "write the 64 lower-case hex digits that `portcullis-sign keygen` printed");
    }
}

void read_root_file(const ConfigNode& node, LoadContext& context) {
    const auto given = node.text(context.problems);
    if (given.empty()) {
        return;
    }
    const auto path = context.folder / given;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        node.report(context.problems, "there is no file " + path.string(), "the path counts from the settings file");
        return;
    }
    context.settings.root_file = std::filesystem::absolute(path).lexically_normal();
}

void read_trust(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    const auto* const trust = require_because(
        root, "trust", "without the key that signs orders, none can be taken: add `trust: { orders_key: ... }`",
        problems);
    if (trust == nullptr || !trust->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    const auto* const file = trust->find("root");
    if (file == nullptr) {
        if (const auto* const key = require_because(
                *trust, "orders_key", "write the 64 hex digits that `portcullis-sign keygen` printed", problems)) {
            read_orders_key(*key, context);
        }
        return;
    }
    if (const auto* const key = trust->find("orders_key")) {
        key->report(problems, "both `root` and `orders_key` say whom to believe",
                    "keep `root`, which names keys for each authority, or `orders_key` alone");
        read_orders_key(*key, context);
    }
    read_root_file(*file, context);
}

}  // namespace

void read_gate(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    const auto* const gate =
        require_because(root, "gate", "say which gate this is: add `gate: { terminal: ..., name: ... }`", problems);
    if (gate != nullptr && gate->expect(ConfigNode::Kind::map, problems)) {
        if (const auto* const terminal = gate->require("terminal", problems)) {
            context.settings.terminal = read_name(*terminal, NameForm::topic, problems);
        }
        if (const auto* const name = gate->require("name", problems)) {
            context.settings.name = read_name(*name, NameForm::topic, problems);
        }
        if (const auto* const zone = gate->find("time_zone")) {
            read_time_zone(*zone, context);
        }
        if (const auto* const languages = gate->find("languages")) {
            read_languages(*languages, context);
        }
        if (const auto* const bench = gate->find("test_bench")) {
            context.settings.test_bench = bench->flag(problems);
        }
    }
    if (const auto* const state = require_because(
            root, "state", "say where journal and orders are kept, as in /var/lib/portcullis", problems)) {
        context.settings.state = read_absolute_path(*state, context);
    }
    if (const auto* const socket = root.find("control_socket")) {
        context.settings.control_socket = read_absolute_path(*socket, context);
        if (context.settings.control_socket.native().size() > longest_socket_path) {
            socket->report(problems, "this path is too long for a socket",
                           "write at most 107 bytes, as in /run/portcullis/control");
        }
    }
    read_trust(root, context);
}

}  // namespace portcullis::settings
