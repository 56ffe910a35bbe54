#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/import_command.hpp"

namespace portcullis::sign {

struct ClassesOptions {
    std::filesystem::path mapping;
    std::vector<std::filesystem::path> files;
    std::filesystem::path out;  ///< empty: standard output
    std::filesystem::path report;
    std::vector<std::string> names{"AA", "A", "B", "C", "D"};  ///< from the most to the least trusted
    std::string unknown{"C"};
    std::string at;  ///< the day that counts, where classes end
};

/// `portcullis-sign classes import`: the `classes` of a ruleset's YAML from a table of enterprises.
[[nodiscard]] ImportExit import_classes(const ClassesOptions& options, std::istream& in, std::ostream& out,
                                        std::ostream& errors);

/// What is wrong with a unified social credit code (统一社会信用代码, GB 32100: 18 characters, check by 31), or an
/// empty text.
[[nodiscard]] std::string uscc_defect(std::string_view code);

}  // namespace portcullis::sign
