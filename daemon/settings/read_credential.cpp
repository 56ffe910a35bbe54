#include <sstream>
#include <utility>

#include "settings/load_context.hpp"
#include "settings/text_check.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {

Credential read_credential(const ConfigNode& node, LoadContext& context) {
    const auto name = read_name(node, NameForm::device, context.problems);
    if (!is_name(name, NameForm::device)) {
        return {};
    }
    const auto& given = context.surroundings.credentials_folder;
    const auto path = (given.empty() ? context.folder / "credentials" : given) / name;
    constexpr const char* help =
        "write user and password into it, a line each, and hand it to the service (docs/operations.md)";
    ConfigProblems unreadable;
    const auto text = read_text_file(path, unreadable);
    if (!text) {
        node.report(context.problems, "credential " + path.string() + ": " + unreadable.all().front().what, help);
        return {};
    }
    if (auto problem = text_problem(*text, path.string(), largest_file)) {
        context.problems.add(std::move(*problem));
        return {};
    }
    Credential credential;
    std::istringstream lines{*text};
    if (!std::getline(lines, credential.user) || !std::getline(lines, credential.password) || credential.user.empty() ||
        credential.password.empty()) {
        node.report(context.problems, "credential " + path.string() + " does not hold user and password", help);
    }
    return credential;
}

}  // namespace portcullis::settings
