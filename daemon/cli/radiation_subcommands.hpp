#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace portcullis::cli {

/// `portcullis radiation …`
class RadiationSubcommands {
public:
    explicit RadiationSubcommands(CLI::App& app);

    /// The exit code, when one of them was asked for.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    [[nodiscard]] int acknowledge(std::ostream& out, std::ostream& errors) const;
    [[nodiscard]] int test(std::ostream& out, std::ostream& errors) const;

    CLI::App* radiation_;
    CLI::App* acknowledge_;
    CLI::App* test_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    std::string name_;
    std::string actor_;
    std::string reason_;
};

}  // namespace portcullis::cli
