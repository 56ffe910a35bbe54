#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <optional>

#include "cli/explain/explain_command.hpp"
#include "cli/explain_passage.hpp"

namespace portcullis::cli {

/// `portcullis explain`: why a verdict is what it is.
class ExplainSubcommands {
public:
    explicit ExplainSubcommands(CLI::App& app);

    /// The exit code; nothing when another command was given.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors);

private:
    CLI::App* explain_;
    JournalPlace place_;
    ExplainOptions facts_;
    ExplainPassageOptions passage_;
};

}  // namespace portcullis::cli
