#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>

namespace portcullis::cli {

/// `portcullis vehicles …`
class VehiclesSubcommands {
public:
    explicit VehiclesSubcommands(CLI::App& app);

    /// The exit code, when one of them was asked for.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* vehicles_;
    CLI::App* show_;
    CLI::App* import_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::filesystem::path file_;
};

}  // namespace portcullis::cli
