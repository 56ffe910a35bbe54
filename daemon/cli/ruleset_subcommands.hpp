#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>

#include "cli/journal_command.hpp"
#include "cli/try_ruleset.hpp"

namespace portcullis::cli {

/// `portcullis ruleset …`
class RulesetSubcommands {
public:
    explicit RulesetSubcommands(CLI::App& app);

    /// The exit code, when one of them was asked for.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors);

private:
    CLI::App* ruleset_;
    CLI::App* show_;
    CLI::App* import_;
    CLI::App* try_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::filesystem::path file_;
    JournalPlace place_;
    TryRulesetOptions tried_;
};

}  // namespace portcullis::cli
