#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/integration/gate_bench.hpp"
#include "tests/integration/programs.hpp"

namespace portcullis::testing {

/// `portcullis journal …`, and the verifier for others.
class Commands : public Programs {
public:
    using Programs::Programs;

    std::string journal(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), "journal");
        return portcullis(std::move(arguments), exit_code);
    }
    std::string of_daemon(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin() + 1, {"--socket", socket()});
        return journal(arguments, exit_code);
    }
    std::string verify_py(std::vector<std::string> arguments, int exit_code = 0) {
        arguments.insert(arguments.begin(), {"/usr/bin/python3", "docs/central/verify.py"});
        return run(arguments, exit_code);
    }
};

}  // namespace portcullis::testing
