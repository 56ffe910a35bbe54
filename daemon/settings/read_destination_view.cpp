// What a destination gets to see of the journal: its filter and its redactions.
#include <algorithm>
#include <set>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

constexpr std::string_view whole_group = ".*";

/// `passage` of `passage.detected`.
std::string_view group_of(std::string_view type) {
    return type.substr(0, type.find('.'));
}

/// The nearest type; of a group, the nearest group.
std::string type_help(std::string_view given, const std::vector<std::string>& types) {
    const bool is_group = given.ends_with(whole_group);
    std::set<std::string> texts;
    for (const auto& type : types) {
        texts.insert(is_group ? std::string{group_of(type)}.append(whole_group) : type);
    }
    const std::vector<std::string_view> words{texts.begin(), texts.end()};
    if (const auto near = nearest_word(given, words)) {
        return "did you mean `" + *near + "`?";
    }
    return "docs/events lists them; `passage.*` stands for all types of passages";
}

bool is_type(std::string_view given, const std::vector<std::string>& types) {
    if (!given.ends_with(whole_group)) {
        return std::ranges::find(types, given) != types.end();
    }
    const auto group = given.substr(0, given.size() - whole_group.size());
    return std::ranges::any_of(types, [group](const std::string& type) { return group_of(type) == group; });
}

/// The texts of a list that is not empty, each once.
template <class Check>
std::vector<std::string> read_list(const ConfigNode& node, ConfigProblems& problems, Check check) {
    std::vector<std::string> texts;
    if (!node.expect(ConfigNode::Kind::sequence, problems)) {
        return texts;
    }
    if (node.items().empty()) {
        node.report(problems, "nothing would go to this destination", "name something, or leave the list out");
    }
    for (const auto& item : node.items()) {
        auto text = item.text(problems);
        if (item.kind() != ConfigNode::Kind::scalar) {
            continue;
        }
        if (std::ranges::find(texts, text) != texts.end()) {
            item.report(problems, "`" + text + "` stands here for the second time", "leave it out");
        }
        check(item, text);
        texts.push_back(std::move(text));
    }
    return texts;
}

void read_filter(const ConfigNode& filter, const ConfigNode& root, UplinkSettings& uplink, LoadContext& context) {
    auto& problems = context.problems;
    if (!filter.expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    const auto* const types = filter.find("types");
    const auto* const lanes = filter.find("lanes");
    if (types == nullptr && lanes == nullptr) {
        filter.report(problems, "a filter without `types` and `lanes` keeps nothing out", "name types or lanes");
    }
    if (types != nullptr) {
        const auto& known = context.surroundings.event_types;
        uplink.filter_types = read_list(*types, problems, [&](const ConfigNode& item, const std::string& text) {
            if (!is_type(text, known)) {
                item.report(problems, "`" + text + "` is no type of event", type_help(text, known));
            }
        });
    }
    if (lanes != nullptr) {
        std::vector<std::string_view> known;
        const auto* const declared = root.find("lanes");
        if (declared != nullptr && declared->kind() == ConfigNode::Kind::map) {
            for (const auto& [name, lane] : declared->members()) {
                known.push_back(name);
            }
        }
        uplink.filter_lanes = read_list(*lanes, problems, [&](const ConfigNode& item, const std::string& text) {
            if (std::ranges::find(known, text) == known.end()) {
                item.report(problems, "`" + text + "` is no lane of this gate", nearest_help(text, known));
            }
        });
    }
}

void refuse_if_required(const ConfigNode& node, const UplinkSettings& uplink, ConfigProblems& problems) {
    if (uplink.required) {
        node.report(
            problems,
            "`" + uplink.name + "` is required: it gets every event as it is, because rows are freed by its word",
            "write `required: false` if another destination keeps the whole journal, or take this out");
    }
}

}  // namespace

void read_destination_view(const ConfigNode& node, const ConfigNode& root, UplinkSettings& uplink,
                           LoadContext& context) {
    auto& problems = context.problems;
    if (const auto* const filter = node.find("filter")) {
        refuse_if_required(*filter, uplink, problems);
        read_filter(*filter, root, uplink, context);
    }
    if (const auto* const redact = node.find("redact")) {
        refuse_if_required(*redact, uplink, problems);
        if (redact->expect(ConfigNode::Kind::sequence, problems)) {
            for (const auto& item : redact->items()) {
                const auto what = item.word<Redaction>(problems);
                if (what && std::ranges::find(uplink.redact, *what) != uplink.redact.end()) {
                    item.report(problems, "`" + std::string{text_of(*what)} + "` stands here for the second time",
                                "leave it out");
                } else if (what) {
                    uplink.redact.push_back(*what);
                }
            }
            std::ranges::sort(uplink.redact);
        }
    }
}

}  // namespace portcullis::settings
