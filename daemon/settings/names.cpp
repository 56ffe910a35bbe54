#include <algorithm>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

constexpr std::size_t longest_name = 32;

const char* form_help(NameForm form) {
    return form == NameForm::topic ? "write 1 to 32 of a-z, 0-9 and -" : "write 1 to 32 of a-z, 0-9, - and _";
}

}  // namespace

bool is_name(std::string_view text, NameForm form) {
    const auto allowed = [form](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c == '_' && form == NameForm::device);
    };
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, allowed);
}

std::string read_name(const ConfigNode& node, NameForm form, ConfigProblems& problems) {
    auto name = node.text(problems);
    if (node.kind() == ConfigNode::Kind::scalar && !is_name(name, form)) {
        node.report(problems, "`" + name + "` is no name", form_help(form));
    }
    return name;
}

void check_key_name(const std::string& name, const ConfigNode& member, NameForm form, ConfigProblems& problems) {
    if (!is_name(name, form)) {
        member.report(problems, "`" + name + "` is no name", form_help(form));
    }
}

const ConfigNode* require_because(const ConfigNode& node, std::string_view key, const char* why,
                                  ConfigProblems& problems) {
    const auto* const member = node.find(key);
    if (member == nullptr) {
        node.report(problems, "`" + std::string{key} + "` is missing", why);
    }
    return member;
}

std::string nearest_help(std::string_view given, const std::vector<std::string_view>& names) {
    if (const auto near = nearest_word(given, names)) {
        return "did you mean `" + *near + "`?";
    }
    std::string all;
    for (const auto name : names) {
        all += all.empty() ? "" : ", ";
        all += name;
    }
    return all.empty() ? "none is declared" : "there are: " + all;
}

}  // namespace portcullis::settings
