#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace portcullis::cli {

/// The command line of `portcullis trust`.
class TrustSubcommands {
public:
    explicit TrustSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `trust`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* trust_;
    CLI::App* show_;
    CLI::App* init_;
    CLI::App* import_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::filesystem::path settings_;
    std::string at_;
    std::filesystem::path file_;
};

}  // namespace portcullis::cli
