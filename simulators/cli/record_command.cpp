#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "runtime/clock.hpp"
#include "simulators/cli/commands.hpp"
#include "simulators/cli/interrupt.hpp"
#include "simulators/cli/work_folder.hpp"
#include "simulators/run/record_run.hpp"

namespace portcullis::simulators {

namespace {

void figure(const std::string& name, std::int64_t value, const std::string& unit, const std::string& aim,
            std::int64_t n) {
    std::cout << R"({"figure":")" << name << R"(","value":)" << value << R"(,"unit":")" << unit << R"(","aim":")" << aim
              << R"(","n":)" << n << "}" << std::endl;
}

/// Prints the figures; what hinders them goes to standard error.
int check(run::RecordPlan plan, bool keep) {
    const runtime::SystemClock clock;
    WorkFolder folder;
    plan.folder = folder.path();
    const auto result = run::check_records(plan, clock, interrupted);
    for (const auto& trouble : result.troubles) {
        std::cerr << "record-check: " << trouble << '\n';
    }
    for (const auto& missing : result.without_record) {
        std::cerr << "record-check: without record: " << missing << '\n';
    }
    const auto without = static_cast<std::int64_t>(result.without_record.size());
    figure("record.passages", result.passages, "passages", ">=" + std::to_string(plan.passages), result.passages);
    figure("record.unserved", result.unserved, "passages", "0", result.passages);
    figure("record.arm_ups", result.arm_ups, "writes", ">=1", result.passages);
    figure("record.without_record", without, "writes", "0", result.arm_ups);
    if (keep) {
        folder.keep();
        std::cerr << "record-check: kept " << folder.path().string() << '\n';
    }
    const bool all = result.passages >= static_cast<std::int64_t>(plan.passages) && result.arm_ups > 0;
    return all && without == 0 && result.unserved == 0 && result.troubles.empty() ? 0 : 1;
}

}  // namespace

void add_record_command(CLI::App& program, int& exit_code) {
    auto* command =
        program.add_subcommand("record-check", "Random passages: is the reason on disk before each arm goes up?");
    const auto plan = std::make_shared<run::RecordPlan>();
    const auto keep = std::make_shared<bool>(false);
    plan->sources = ".";
    plan->daemon = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "portcullisd";
    command->add_option("--passages", plan->passages, "how many")->capture_default_str();
    command->add_option("--gates", plan->gates, "daemons side by side")->check(CLI::Range(1, 8))->capture_default_str();
    command->add_option("--lanes", plan->lanes_per_gate, "lanes of each gate")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    command->add_option("--seed", plan->seed, "of the random passages")->capture_default_str();
    command->add_flag("--keep", *keep, "keep logs, settings and journals");
    command->callback([plan, keep, &exit_code] {
        try {
            take_interrupts();
            exit_code = check(*plan, *keep);
        } catch (const std::exception& error) {
            std::cerr << "record-check: " << error.what() << '\n';
            exit_code = 2;
        }
    });
}

}  // namespace portcullis::simulators
