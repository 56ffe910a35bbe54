#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "cli/sign/import/classes_command.hpp"
#include "cli/sign/import/import_command.hpp"
#include "cli/sign/receipts/receipts_command.hpp"

namespace portcullis::sign {

/// The command line of what reads and writes other systems' files: `orders import`, `classes import`,
/// `mapping check`, `receipts`.
class ImportSubcommands {
public:
    ImportSubcommands(CLI::App& app, CLI::App& orders);

    /// Does what was asked; nothing when it was none of them.
    [[nodiscard]] std::optional<int> run(std::istream& in, std::ostream& out, std::ostream& errors) const;

private:
    void add_import();
    void add_classes();
    void add_receipts();

    CLI::App* import_;
    CLI::App* mapping_;
    CLI::App* check_;
    CLI::App* classes_;
    CLI::App* classes_import_;
    CLI::App* receipts_;
    ImportOptions options_;
    std::vector<std::filesystem::path> mappings_;
    ClassesOptions classes_options_;
    ReceiptsOptions receipts_options_;
};

}  // namespace portcullis::sign
