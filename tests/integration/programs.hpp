#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace portcullis::testing {

class GateBench;

/// Runs programs beside a bench, which moves on meanwhile.
class Programs {
public:
    explicit Programs(GateBench& bench) : bench_(bench) {}

    /// Gives what the program printed; it must end so.
    std::string run(const std::vector<std::string>& arguments, int exit_code = 0);
    /// `portcullis …`
    std::string portcullis(std::vector<std::string> arguments, int exit_code = 0);
    /// The daemon's control socket.
    [[nodiscard]] std::string socket() const;
    /// A place for a file of the test.
    [[nodiscard]] std::filesystem::path file(const std::string& name) const;

private:
    GateBench& bench_;
    int runs_ = 0;
};

}  // namespace portcullis::testing
