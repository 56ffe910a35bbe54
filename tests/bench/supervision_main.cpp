// A program of its own, so that counting its allocations slows nobody else's figures.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/bench_supervision.hpp"
#include "tests/bench/counted_new.hpp"

int main(int argc, char** argv) {
    CLI::App app{"portcullis-bench-supervision: figures of the ruleset's evaluation, one JSON object a line"};
    portcullis::bench::SupervisionBench bench;
    bench.allocations = portcullis::bench::allocations;
    app.add_option("--decisions", bench.decisions, "of each kind")->capture_default_str();
    app.add_flag("--short", bench.is_short, "few decisions, and no aim that a busy machine misses");
    CLI11_PARSE(app, argc, argv);
    if (bench.is_short) {
        bench.decisions = 500;
    }
    try {
        portcullis::testing::Figures figures;
        measure_supervision(bench, figures);
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "the benchmark stopped: " << error.what() << '\n';
        return 1;
    }
}
