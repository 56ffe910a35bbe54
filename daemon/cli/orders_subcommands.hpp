#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace portcullis::cli {

/// The command line of `portcullis orders`.
class OrdersSubcommands {
public:
    explicit OrdersSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `orders`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* orders_;
    CLI::App* show_;
    CLI::App* import_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::string container_;
    std::string purpose_;
    std::string actor_;
    std::filesystem::path file_;
};

}  // namespace portcullis::cli
