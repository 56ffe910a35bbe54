#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/ruleset/draft.hpp"
#include "core/config_node.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::sign {

/// Of a document that people write in YAML: what its commands check, build and sign are given.
struct AuthoredOptions {
    std::filesystem::path file;
    std::filesystem::path out;  ///< empty: standard output
    std::vector<std::filesystem::path> keys;
};

/// Says the problem; the exit code of what was refused.
int refuse(std::ostream& errors, std::string_view problem);

/// Writes the text where the options say. The exit code.
[[nodiscard]] int put_text(const AuthoredOptions& options, const std::string& text, std::ostream& out,
                           std::ostream& errors);

/// The bytes of a payload, or nothing when it cannot be read or has more than `most`.
[[nodiscard]] std::optional<std::string> payload_in(const std::filesystem::path& path, std::size_t most);

/// The envelope around the payload, signed by each of the keys, where the options say. The exit code.
[[nodiscard]] int put_sealed(const AuthoredOptions& options, std::string_view kind, const std::string& payload,
                             std::ostream& out, std::ostream& errors);

/// What `compile` makes of the YAML file; nothing when it has problems, which are all said.
template <class Compile>
auto compiled_from(const AuthoredOptions& options, const Compile& compile, std::ostream& errors) {
    ConfigProblems problems;
    decltype(compile(std::string{}, std::string{}, problems)) made;
    if (const auto text = settings::read_text_file(options.file, problems, most_yaml_bytes)) {
        made = compile(*text, options.file.string(), problems);
    }
    for (const auto& problem : problems.all()) {
        errors << problem.message() << "\n";
    }
    return made;
}

}  // namespace portcullis::sign
