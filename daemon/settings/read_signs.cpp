#include <algorithm>
#include <array>

#include "core/sign.hpp"
#include "core/utf8.hpp"
#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

constexpr std::array<std::string_view, 3> sign_languages{"en", "zh-CN", "zh-TW"};
constexpr std::string_view zone_gap = "{zone}";
constexpr std::size_t longest_words = 128;

bool is_language(std::string_view text) {
    return std::ranges::find(sign_languages, text) != sign_languages.end();
}

void refuse_language(const ConfigNode& node, std::string_view given, ConfigProblems& problems) {
    node.report(problems, "`" + std::string{given} + "` is no language of this version",
                nearest_help(given, {sign_languages.begin(), sign_languages.end()}));
}

std::vector<std::string_view> text_names() {
    std::vector<std::string_view> names;
    for (const auto& row : enum_texts<SignText>) {
        names.push_back(row.text);
    }
    return names;
}

void read_words(SignText text, const ConfigNode& node, SignWords& words, ConfigProblems& problems) {
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    for (const auto& [language, said] : node.members()) {
        if (!is_language(language)) {
            refuse_language(said, language, problems);
        }
        auto line = said.text(problems);
        const bool has_gap = line.find(zone_gap) != std::string::npos;
        if (line.empty() || line.size() > longest_words) {
            said.report(problems, "no words, or more than 128 bytes", "write what the driver is to read");
        } else if (has_gap != names_zone(text)) {
            said.report(problems,
                        has_gap ? "`" + std::string{text_of(text)} + "` names no zone"
                                : "nobody learns which zone: `" + std::string{text_of(text)} + "` has to name it",
                        has_gap ? "take {zone} out" : "write {zone} where its name stands");
        }
        words[text][language] = std::move(line);
    }
}

SignWords read_table(const ConfigNode& file, ConfigProblems& problems) {
    SignWords words;
    const auto* const texts = file.require("texts", problems);
    if (texts == nullptr || !texts->expect(ConfigNode::Kind::map, problems)) {
        return words;
    }
    for (const auto& [name, node] : texts->members()) {
        if (const auto text = enum_from<SignText>(name)) {
            read_words(*text, node, words, problems);
        } else {
            node.report(problems, "no sign says `" + name + "`", nearest_help(name, text_names()));
            node.skip();
        }
    }
    return words;
}

/// Whether the sign can show the words; a zone's name is put in later, and filtered then.
bool can_show(const DeviceFacts& sign, std::string words) {
    if (const auto at = words.find(zone_gap); at != std::string::npos) {
        words.erase(at, zone_gap.size());
    }
    return !sign.shown_of || sign.shown_of(words) == words;
}

void add_name(std::string& names, std::string_view name) {
    names.append(names.empty() ? "" : ", ").append(name);
}

/// Every text in the lane's language, in characters that its sign has.
void check_words(const WiredLane& lane, const ConfigNode& node, LoadContext& context) {
    const auto device = context.devices.find(lane.sign);
    const auto& language = lane.lane.sign_language;
    std::string missing;
    std::string unshown;
    for (const auto& row : enum_texts<SignText>) {
        const auto& said = context.settings.sign_words[row.value];
        const auto words = said.find(language);
        if (words == said.end()) {
            add_name(missing, row.text);
        } else if (device != context.devices.end() && device->second && !can_show(*device->second, words->second)) {
            add_name(unshown, row.text);
        }
    }
    if (!missing.empty()) {
        node.report(context.problems,
                    "lane `" + lane.lane.name.text() + "` shows " + language + ", and has no words for " + missing,
                    "add them to the file that `signs` names");
    }
    if (!unshown.empty()) {
        node.report(context.problems,
                    "`" + lane.sign.text() + "` cannot show these words in " + language + " as they are: " + unshown,
                    "write shorter ones, in characters that this sign has");
    }
}

bool has_sign(const WiredLane& lane) {
    return !lane.sign.empty();
}

void read_file(const ConfigNode& node, LoadContext& context) {
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
    context.settings.signs_file = std::filesystem::absolute(path).lexically_normal();
    const auto file = read_further_file(path, context);
    if (!file) {
        return;
    }
    context.settings.sign_words = read_table(*file, context.problems);
    file->report_unread(context.problems);
    for (const auto& lane : context.settings.lanes) {
        if (has_sign(lane)) {
            check_words(lane, node, context);
        }
    }
}

}  // namespace

void read_sign_role(const ConfigNode& node, WiredLane& wired, LoadContext& context) {
    const bool is_map = node.kind() == ConfigNode::Kind::map;
    const auto* const device =
        is_map ? require_because(node, "device", "name the sign, as in `device: sign_1`", context.problems) : &node;
    wired.lane.sign_language = context.settings.languages.front();
    if (const auto* const language = is_map ? node.find("language") : nullptr) {
        wired.lane.sign_language = language->text(context.problems);
        if (!is_language(wired.lane.sign_language)) {
            refuse_language(*language, wired.lane.sign_language, context.problems);
        }
    }
    const auto name = device == nullptr ? std::string{} : device->text(context.problems);
    if (name.empty()) {
        return;
    }
    const auto* const facts = facts_of(name, *device, context);
    if (facts != nullptr && !facts->shown_of) {
        device->report(context.problems, "`" + name + "` shows no text", "name a device whose driver is line_sign");
    }
    wired.sign = DeviceName{name};
}

void read_signs(const ConfigNode& root, LoadContext& context) {
    const auto* const node = root.find("signs");
    const bool wanted = std::ranges::any_of(context.settings.lanes, has_sign);
    if (node != nullptr) {
        read_file(*node, context);
    } else if (wanted) {
        root.report(context.problems, "a lane has a sign, and nobody says what it shows",
                    "name the file with its words, as in `signs: signs.yaml`");
    }
}

}  // namespace portcullis::settings
