#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace portcullis::cli {

/// The command line of `portcullis uplink`.
class UplinkSubcommands {
public:
    explicit UplinkSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `uplink`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors) const;

private:
    CLI::App* uplink_;
    CLI::App* explain_;
    CLI::App* resume_;
    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::int64_t sequence_ = 0;
    std::string destination_;
};

}  // namespace portcullis::cli
