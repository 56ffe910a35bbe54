#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/bench_bus.hpp"

int main(int argc, char** argv) {
    CLI::App app{"portcullis-bench-bus: figures of Modbus buses, one JSON object a line"};
    portcullis::bench::BusBench bench;
    int seconds = static_cast<int>(bench.each.count());
    app.add_option("--seconds", seconds, "of each figure")->check(CLI::Range(1, 3600))->capture_default_str();
    app.add_flag("--short", bench.is_short, "two seconds each, and no aim that a busy machine misses");
    CLI11_PARSE(app, argc, argv);
    bench.each = std::chrono::seconds{bench.is_short ? 2 : seconds};
    try {
        portcullis::testing::Figures figures;
        measure_bus(bench, figures);
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "the benchmark stopped: " << error.what() << '\n';
        return 1;
    }
}
