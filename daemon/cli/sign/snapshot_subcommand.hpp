#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace portcullis::sign {

/// The command line of `portcullis-sign snapshot`.
class SnapshotSubcommand {
public:
    explicit SnapshotSubcommand(CLI::App& app);

    /// Does what was asked and gives the exit code; nothing when it was something else.
    [[nodiscard]] std::optional<int> run(std::istream& in, std::ostream& errors) const;

private:
    CLI::App* snapshot_;
    std::filesystem::path key_;
    std::string authority_;
    std::string terminal_;
    std::vector<std::string> gates_{"*"};
    std::int64_t number_ = 0;
    std::string hash_;
    std::string issued_;
    std::string expires_;
    std::filesystem::path out_;
    std::vector<std::string> files_;
};

}  // namespace portcullis::sign
