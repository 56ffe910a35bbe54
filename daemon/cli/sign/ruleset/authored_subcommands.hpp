#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <optional>
#include <string>

#include "cli/sign/ruleset/authored_document.hpp"

namespace portcullis::sign {

/// A kind of document that people write in YAML, and what its three commands do.
struct AuthoredKind {
    using Command = int (*)(const AuthoredOptions& options, std::ostream& out, std::ostream& errors);

    std::string name;  ///< of the command
    std::string about;
    std::string check_about;
    Command check;
    Command build;
    Command sign;
};

/// `portcullis-sign ruleset`, `portcullis-sign passes` and `portcullis-sign vehicles`.
[[nodiscard]] AuthoredKind authored_rulesets();
[[nodiscard]] AuthoredKind authored_passes();
[[nodiscard]] AuthoredKind authored_vehicles();

/// The command line of `portcullis-sign KIND check|build|sign`.
class AuthoredSubcommands {
public:
    AuthoredSubcommands(CLI::App& app, AuthoredKind kind);

    /// Does what was asked; nothing when it was something else.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    AuthoredKind kind_;
    CLI::App* check_;
    CLI::App* build_;
    CLI::App* sign_;
    AuthoredOptions options_;
};

}  // namespace portcullis::sign
