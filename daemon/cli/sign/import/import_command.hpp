#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace portcullis::sign {

/// Exit codes of the commands that read somebody else's files.
enum class ImportExit : std::uint8_t {
    done = 0,
    nothing = 1,      ///< nothing was written
    some_refused = 3  ///< the rest was
};

struct ImportOptions {
    std::filesystem::path mapping;
    std::vector<std::filesystem::path> files;
    std::filesystem::path out;  ///< empty: standard output
    std::filesystem::path state;
    std::filesystem::path report;
    std::string authority;
    // Of batches that are signed at once.
    std::string key;
    std::string terminal;
    std::string gates;
    std::int64_t number = 0;  ///< 0: not said
    std::string previous;
    std::string issued;
    std::string expires;
};

/// `portcullis-sign orders import`.
[[nodiscard]] ImportExit import_orders(const ImportOptions& options, std::istream& in, std::ostream& out,
                                       std::ostream& errors);

/// `portcullis-sign mapping check`: says every problem of each file.
[[nodiscard]] ImportExit check_mappings(const std::vector<std::filesystem::path>& files, std::ostream& out,
                                        std::ostream& errors);

}  // namespace portcullis::sign
