// A program of its own: what is resident in it is what a cache of orders takes.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/bench_order_cache.hpp"
#include "trust/sodium.hpp"

int main(int argc, char** argv) {
    CLI::App app{"portcullis-bench-orders: figures of a whole port's orders, one JSON object a line"};
    portcullis::bench::OrderBench bench;
    app.add_option("--orders", bench.orders, "in the largest cache")->capture_default_str();
    app.add_option("--look-ups", bench.look_ups, "of each kind")->capture_default_str();
    app.add_option("--folder", bench.folder, "on the disk that is measured")->required();
    app.add_flag("--short", bench.is_short, "few orders and look-ups, and no aim that a busy machine misses");
    CLI11_PARSE(app, argc, argv);
    if (bench.is_short) {
        bench.orders = 30'000;
        bench.look_ups = 100;
    }
    try {
        const portcullis::trust::Sodium sodium;
        portcullis::testing::Figures figures;
        measure_order_cache(bench, figures);
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "the benchmark stopped: " << error.what() << '\n';
        return 1;
    }
}
