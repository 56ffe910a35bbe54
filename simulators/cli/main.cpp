#include <CLI/CLI.hpp>

#include "simulators/central/central_command.hpp"
#include "simulators/cli/commands.hpp"

/// portcullis-sim: a simulated terminal around a real daemon. Runs in the root of the source tree.
int main(int argc, char** argv) {
    CLI::App program{"A simulated terminal around the real portcullisd: trucks, barriers, devices, central"};
    program.require_subcommand(1);
    int exit_code = 0;
    portcullis::simulators::add_demo_command(program, exit_code);
    portcullis::simulators::add_stories_command(program, exit_code);
    portcullis::simulators::add_record_command(program, exit_code);
    portcullis::central::add_central_command(program, exit_code);
    CLI11_PARSE(program, argc, argv);
    return exit_code;
}
