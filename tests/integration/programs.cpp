#include "tests/integration/programs.hpp"

#include <cstdlib>

#include "simulators/rig/child_process.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {

std::string Programs::run(const std::vector<std::string>& arguments, int exit_code) {
    const auto output = file("output-" + std::to_string(++runs_));
    rig::ChildProcess program{arguments, output};
    std::optional<int> ended;
    bench_.until(arguments[0] + " has ended", [&] {
        ended = program.ended();
        return ended.has_value();
    });
    auto printed = file_text(output.string());
    INFO(arguments.at(1) << ": " << printed);
    CHECK(ended == exit_code);
    return printed;
}

std::string Programs::portcullis(std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), std::string{std::getenv("PORTCULLIS_BIN")} + "/portcullis");
    return run(arguments, exit_code);
}

std::string Programs::socket() const {
    return (bench_.gate().state() / "control").string();
}

std::filesystem::path Programs::file(const std::string& name) const {
    return bench_.gate().state() / name;
}

}  // namespace portcullis::testing
