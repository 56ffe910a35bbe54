#include <algorithm>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

template <class Enum>
std::optional<Enum> read_column(const ConfigNode& row, std::string_view key, ConfigProblems& problems) {
    const auto* const node = row.find(key);
    return node == nullptr ? std::nullopt : node->word<Enum>(problems);
}

PolicyRow read_row(const ConfigNode& node, ConfigProblems& problems) {
    PolicyRow row;
    row.way = read_column<Way>(node, "way", problems);
    row.load = read_column<Load>(node, "load", problems);
    row.movement = read_column<Movement>(node, "movement", problems);
    if (const auto* const consents = node.find("consents");
        consents != nullptr && consents->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& authority : consents->items()) {
            row.consents.emplace_back(read_name(authority, NameForm::device, problems));
        }
    }
    if (const auto* const without =
            require_because(node, "without_order", "say what happens without an order: release or hold", problems)) {
        row.without_order = without->word<WithoutOrder>(problems).value_or(WithoutOrder::hold);
    }
    return row;
}

}  // namespace

void read_policy(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    const auto* const trust = root.find("trust");
    if (trust != nullptr && trust->kind() == ConfigNode::Kind::map && trust->find("root") != nullptr) {
        if (const auto* const both = root.find("policy")) {
            static_cast<void>(both->text(problems));  // read: it is known, and not wanted
            both->report(problems, "with a root the ruleset says what needs an order",
                         "leave `policy` out, and publish a ruleset: docs/ruleset.md");
        }
        return;
    }
    const auto* const node =
        require_because(root, "policy", "name the file that says what needs an order, as in policy.yaml", problems);
    if (node == nullptr) {
        return;
    }
    const auto given = node->text(problems);
    if (given.empty()) {
        return;
    }
    auto path = context.folder / given;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        node->report(problems, "there is no file " + path.string(), "the path counts from the settings file");
        return;
    }
    context.settings.policy_file = std::filesystem::absolute(path).lexically_normal();
    const auto file = read_further_file(path, context);
    if (!file) {
        return;
    }
    if (const auto* const rows = file->require("rows", problems);
        rows != nullptr && rows->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& row : rows->items()) {
            if (row.expect(ConfigNode::Kind::map, problems)) {
                context.settings.policy.rows.push_back(read_row(row, problems));
            }
        }
    }
    file->report_unread(problems);
}

}  // namespace portcullis::settings
