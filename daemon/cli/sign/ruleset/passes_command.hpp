#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace portcullis::sign {

struct PassesOptions {
    std::filesystem::path file;
    std::filesystem::path out;  ///< empty: standard output
    std::vector<std::filesystem::path> keys;
};

/// Each gives the exit code: 0 done, 1 refused.
[[nodiscard]] int check_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors);
/// The payload of the YAML file `options.file`.
[[nodiscard]] int build_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors);
/// The envelope around the payload in `options.file`, signed by each of the keys.
[[nodiscard]] int sign_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::sign
