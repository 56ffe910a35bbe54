#include "yaml.hpp"

#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {

namespace {

ConfigNode read(const std::string& text, const std::string& name) {
    ConfigProblems problems;
    auto node = settings::read_yaml(text, name, problems);
    for (const auto& problem : problems.all()) {
        FAIL(problem.message());
    }
    return std::move(node).value();
}

}  // namespace

ConfigNode yaml(const std::string& text) {
    return read(text, "test.yaml");
}

ConfigNode yaml_file(const std::string& path) {
    ConfigProblems problems;
    const auto text = settings::read_text_file(path, problems);
    REQUIRE(text);
    return read(*text, path);
}

}  // namespace portcullis::testing
