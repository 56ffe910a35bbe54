#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <iostream>

#include "tests/bench/bench_gate.hpp"
#include "tests/bench/bench_journal.hpp"
#include "tests/bench/bench_uplink.hpp"

int main(int argc, char** argv) {
    CLI::App app{"portcullis-bench: figures, one JSON object a line"};
    portcullis::bench::GateBench gate;
    auto* const gate_command = app.add_subcommand("gate", "edge to coil, beside a bare program in the same run");
    gate_command->add_option("--daemon", gate.daemon, "portcullisd")->required();
    gate_command->add_option("--profiles", gate.profiles, "config/profiles")->required();
    gate_command->add_option("--folder", gate.folder, "an empty folder on the disk to be measured")->required();
    gate_command->add_option("--passages", gate.passages, "of each kind")->capture_default_str();
    portcullis::bench::JournalBench journal;
    auto* const journal_command = app.add_subcommand("journal", "commits of the journal, beside bare SQLite");
    journal_command->add_option("--folder", journal.folder, "an empty folder on the disk to be measured")->required();
    journal_command->add_option("--commits", journal.commits, "of each kind")->capture_default_str();
    portcullis::bench::UplinkBench uplink;
    auto* const uplink_command = app.add_subcommand("uplink", "a long journal drained, beside a bare publisher");
    uplink_command->add_option("--daemon", uplink.daemon, "portcullisd")->required();
    uplink_command->add_option("--profiles", uplink.profiles, "config/profiles")->required();
    uplink_command->add_option("--folder", uplink.folder, "an empty folder on the disk to be measured")->required();
    uplink_command->add_option("--events", uplink.events, "stored before the daemon starts")->capture_default_str();
    app.require_subcommand(1);
    CLI11_PARSE(app, argc, argv);
    try {
        portcullis::testing::Figures figures;
        if (gate_command->parsed()) {
            measure_gate(gate, figures);
        }
        if (uplink_command->parsed()) {
            measure_uplink(uplink, figures);
        }
        if (journal_command->parsed()) {
            measure_journal(journal, figures);
        }
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "the benchmark stopped: " << error.what() << '\n';
        return 1;
    }
}
