#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "cli/sign/import/import_command.hpp"

namespace portcullis::sign {

/// The command line of what reads and writes other systems' files: `orders import`, `mapping check`.
class ImportSubcommands {
public:
    ImportSubcommands(CLI::App& app, CLI::App& orders);

    /// Does what was asked; nothing when it was none of them.
    [[nodiscard]] std::optional<int> run(std::istream& in, std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* import_;
    CLI::App* mapping_;
    CLI::App* check_;
    ImportOptions options_;
    std::vector<std::filesystem::path> mappings_;
};

}  // namespace portcullis::sign
