#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/bench_fusion.hpp"

int main(int argc, char** argv) {
    CLI::App app{"portcullis-bench-fusion: what fused readings get wrong, one JSON object a line"};
    portcullis::bench::FusionBench bench;
    bool is_short = false;
    app.add_option("--readings", bench.readings, "of all readers together")->capture_default_str();
    app.add_option("--seed", bench.seed, "of all dice")->capture_default_str();
    app.add_flag("--short", is_short, "few readings");
    CLI11_PARSE(app, argc, argv);
    if (is_short) {
        bench.readings = 20'000;
    }
    try {
        portcullis::testing::Figures figures;
        measure_fusion(bench, figures);
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "the benchmark stopped: " << error.what() << '\n';
        return 1;
    }
}
