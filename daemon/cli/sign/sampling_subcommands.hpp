#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/sign/audit_command.hpp"

namespace portcullis::sign {

/// The command line of the draw and of what answers it: `sampling-key`, `audit-sampling`, `zone-result`.
class SamplingSubcommands {
public:
    explicit SamplingSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was none of them.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    [[nodiscard]] std::string make_key(std::ostream& out) const;
    [[nodiscard]] std::string seal_key(std::ostream& out) const;
    [[nodiscard]] std::string reveal_key(std::ostream& out) const;
    [[nodiscard]] std::string sign_result(std::ostream& out) const;

    CLI::App* key_;
    CLI::App* make_;
    CLI::App* seal_;
    CLI::App* reveal_;
    CLI::App* audit_;
    CLI::App* zone_result_;
    std::string terminal_;
    std::string gate_;
    std::string id_;
    std::string from_;
    std::string to_;
    std::string at_;
    std::string gate_key_;
    std::filesystem::path out_;
    std::filesystem::path file_;
    std::filesystem::path signing_key_;
    AuditOptions audited_;
};

}  // namespace portcullis::sign
