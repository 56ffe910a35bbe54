#include "simulators/story/load.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/config_node.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::story {

std::vector<Story> load_stories(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<Story> stories;
    ConfigProblems problems;
    for (const auto& file : files) {
        const auto text = settings::read_text_file(file, problems);
        if (const auto root = text ? settings::read_yaml(*text, file.string(), problems) : std::nullopt) {
            stories.push_back(read_story(*root, file.stem().string(), problems));
        }
    }
    if (!problems.empty()) {
        std::string all;
        for (const auto& problem : problems.all()) {
            all += (all.empty() ? "" : "\n") + problem.message();
        }
        throw std::runtime_error{all};
    }
    return stories;
}

}  // namespace portcullis::story
