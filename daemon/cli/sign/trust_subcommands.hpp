#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/sign/trust_documents.hpp"

namespace portcullis::sign {

/// The command line of `portcullis-sign root`, `rotate`, `timestamp`, `sign` and `inspect`.
class TrustSubcommands {
public:
    explicit TrustSubcommands(CLI::App& app);

    /// Does what was asked and gives the exit code; nothing when it was something else.
    [[nodiscard]] std::optional<int> run() const;

private:
    void add_head(CLI::App& command);
    [[nodiscard]] std::optional<std::string> read_times(DocumentHead& head) const;
    [[nodiscard]] int make_root() const;
    [[nodiscard]] int rotate() const;
    [[nodiscard]] int make_timestamp() const;
    [[nodiscard]] int add_signature() const;
    [[nodiscard]] int look() const;

    CLI::App* root_;
    CLI::App* root_new_;
    CLI::App* root_sign_;
    CLI::App* rotate_;
    CLI::App* timestamp_;
    CLI::App* inspect_;
    std::vector<std::filesystem::path> keys_;
    std::string terminal_;
    std::vector<std::string> gates_{"*"};
    std::int64_t version_ = 1;
    std::string issued_;
    std::string expires_;
    std::vector<std::string> named_keys_;
    Rotation rotation_;
    std::vector<std::filesystem::path> documents_;
    std::filesystem::path file_;
    std::filesystem::path root_file_;
    std::string at_;
};

}  // namespace portcullis::sign
