#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>

namespace portcullis::cli {

/// The command line of `portcullis zones`.
class ZonesSubcommands {
public:
    explicit ZonesSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `zones`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* zones_;
    CLI::App* import_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::filesystem::path file_;
};

}  // namespace portcullis::cli
