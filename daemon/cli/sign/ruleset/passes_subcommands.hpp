#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <optional>

#include "cli/sign/ruleset/passes_command.hpp"

namespace portcullis::sign {

/// The command line of `portcullis-sign passes check|build|sign`.
class PassesSubcommands {
public:
    explicit PassesSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was something else.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* check_;
    CLI::App* build_;
    CLI::App* sign_;
    PassesOptions options_;
};

}  // namespace portcullis::sign
