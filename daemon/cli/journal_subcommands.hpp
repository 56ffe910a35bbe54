#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "cli/journal_command.hpp"

namespace portcullis::cli {

/// The command line of `portcullis journal`.
class JournalSubcommands {
public:
    explicit JournalSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `journal`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors);

private:
    void add_place(CLI::App& command);
    void add_filter(CLI::App& command);

    CLI::App* journal_;
    CLI::App* verify_ = nullptr;
    CLI::App* show_ = nullptr;
    CLI::App* export_ = nullptr;
    CLI::App* replay_ = nullptr;
    CLI::App* erase_ = nullptr;
    JournalPlace place_;
    VerifyOptions verified_;
    ExportOptions exported_;
    gate::EventFilter filter_;
    EraseOptions erased_;
    std::int64_t replay_from_ = 0;
    std::string destination_;
    bool json_ = false;
};

}  // namespace portcullis::cli
