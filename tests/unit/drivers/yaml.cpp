#include "yaml.hpp"

#include <yaml-cpp/yaml.h>

namespace portcullis::testing {

namespace {

ConfigNode convert(const YAML::Node& node, const std::string& file, const std::string& path) {
    const ConfigMark mark{.file = file, .line = node.Mark().line + 1, .column = node.Mark().column + 1};
    if (node.IsScalar()) {
        return ConfigNode::scalar(mark, path, node.Scalar());
    }
    if (node.IsSequence()) {
        std::vector<ConfigNode> items;
        for (const auto& item : node) {
            items.push_back(convert(item, file, path));
        }
        return ConfigNode::sequence(mark, path, std::move(items));
    }
    std::vector<std::pair<std::string, ConfigNode>> members;
    for (const auto& member : node) {
        const auto key = member.first.Scalar();
        members.emplace_back(key, convert(member.second, file, path.empty() ? key : path + "." + key));
    }
    return ConfigNode::map(mark, path, std::move(members));
}

}  // namespace

ConfigNode yaml(const std::string& text) {
    return convert(YAML::Load(text), "test.yaml", {});
}

ConfigNode yaml_file(const std::string& path) {
    return convert(YAML::LoadFile(path), path, {});
}

}  // namespace portcullis::testing
