#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulators/rig/child_process.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {

/// Runs programs beside a bench, which moves on meanwhile.
class Commands {
public:
    explicit Commands(GateBench& bench) : bench_(bench) {}

    /// `portcullis …`; gives what it printed.
    std::string portcullis(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), std::string{std::getenv("PORTCULLIS_BIN")} + "/portcullis");
        return run(arguments, exit_code);
    }
    /// `portcullis journal …`
    std::string journal(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), "journal");
        return portcullis(std::move(arguments), exit_code);
    }
    std::string of_daemon(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin() + 1, {"--socket", (bench_.gate().state() / "control").string()});
        return journal(arguments, exit_code);
    }
    std::string verify_py(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), {"/usr/bin/python3", "docs/central/verify.py"});
        return run(arguments, exit_code);
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return bench_.gate().state() / name; }

private:
    std::string run(const std::vector<std::string>& arguments, int exit_code) {
        const auto output = file("output-" + std::to_string(++runs_));
        rig::ChildProcess program{arguments, output};
        std::optional<int> ended;
        bench_.until(arguments[0] + " has ended", [&] {
            ended = program.ended();
            return ended.has_value();
        });
        auto printed = file_text(output.string());
        INFO(arguments.at(2) << ": " << printed);
        CHECK(ended == exit_code);
        return printed;
    }

    GateBench& bench_;
    int runs_ = 0;
};

}  // namespace portcullis::testing
