#include "settings/load.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "settings/load_context.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {
namespace {

/// By file and place, each once: two devices with one profile would say the same twice.
std::vector<ConfigProblem> in_order(const std::vector<ConfigProblem>& problems, const std::string& first_file) {
    auto sorted = problems;
    const auto key = [&first_file](const ConfigProblem& problem) {
        return std::tuple{problem.where.file != first_file, problem.where.file, problem.where.line,
                          problem.where.column};
    };
    std::ranges::stable_sort(sorted, {}, key);
    std::vector<ConfigProblem> unique;
    for (auto& problem : sorted) {
        const auto same = [&problem](const ConfigProblem& other) { return other.message() == problem.message(); };
        if (std::ranges::none_of(unique, same)) {
            unique.push_back(std::move(problem));
        }
    }
    return unique;
}

void read_all(const ConfigNode& root, LoadContext& context) {
    if (!root.expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    read_gate(root, context);
    read_journal(root, context);
    read_orders(root, context);
    read_evidence(root, context);
    read_uplinks(root, context);
    read_policy(root, context);
    read_buses(root, context);
    read_devices(root, context);
    read_lanes(root, context);
    read_zones(root, context);
    read_radiation(root, context);
    read_portals(root, context);
    if (const auto* const buses = root.find("buses"); buses != nullptr && context.problems.empty()) {
        context.surroundings.catalogue.check_buses(*buses, context.settings.lanes, context.problems);
    }
    read_signs(root, context);
    root.report_unread(context.problems);
}

}  // namespace

std::optional<ConfigNode> read_further_file(const std::filesystem::path& path, LoadContext& context) {
    auto bytes = read_text_file(path, context.problems);
    if (!bytes) {
        return std::nullopt;
    }
    auto root = read_yaml(*bytes, path.string(), context.problems);
    if (root && !root->expect(ConfigNode::Kind::map, context.problems)) {
        return std::nullopt;
    }
    if (root) {
        context.files.push_back({path, std::move(*bytes), *root});
    }
    return root;
}

LoadedSettings load_gate_settings(const std::filesystem::path& file, const LoadSurroundings& surroundings) {
    ConfigProblems problems;
    auto text = read_text_file(file, problems);
    if (!text) {
        return {std::nullopt, problems.all(), {}};
    }
    return load_gate_settings_text(std::move(*text), file, surroundings);
}

LoadedSettings load_gate_settings_text(std::string text, const std::filesystem::path& file,
                                       const LoadSurroundings& surroundings) {
    LoadContext context{surroundings, file.parent_path(), {}, {}, {}, {}, {}, {}};
    auto root = read_yaml(text, file.string(), context.problems);
    if (root) {
        read_all(*root, context);
        context.files.insert(context.files.begin(), ReadFile{file, std::move(text), std::move(*root)});
    }
    LoadedSettings loaded{std::nullopt, in_order(context.problems.all(), file.string()), std::move(context.files)};
    if (loaded.problems.empty()) {
        loaded.settings = std::move(context.settings);
    }
    return loaded;
}

}  // namespace portcullis::settings
