#include "tests/bench/bench_order_cache.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "codec/orders.hpp"
#include "tests/bench/bare_orders.hpp"
#include "tests/bench/order_bench_tools.hpp"

namespace portcullis::bench {
namespace {

using std::filesystem::path;
using testing::Aim;
using testing::Figures;
using testing::quantile;

std::unique_ptr<store::OrderCache> open_cache(const path& folder) {
    store::OrderCacheSettings settings;
    settings.directory = folder;
    settings.now = [clock = std::make_shared<const runtime::SystemClock>()] { return clock->now().instant; };
    settings.stopped_clean = true;
    return must(store::OrderCache::open(settings));
}

double bare_import_us(const OrderLoad& load, const path& file) {
    Stopwatch watch;
    {
        BareOrders bare{file};
        for (std::int64_t place = 0; place < load.size();) {
            std::vector<BareOrders::Row> rows;
            for (; rows.size() < 8'000 && place < load.size(); ++place) {
                rows.push_back({static_cast<std::int64_t>(load.container(place).packed()), OrderLoad::order_id(place),
                                "3502900123", load.line(place)});
            }
            watch.run([&] {
                for (const auto& row : rows) {
                    bare.insert(row);
                }
            });
        }
        watch.run([&] { bare.finish(); });
    }
    std::filesystem::remove(file);
    std::filesystem::remove(file.string() + "-wal");
    return watch.us();
}

/// Each order read as any may be written, the whole of it: the negative control.
double long_way_us_a_row(const OrderLoad& load) {
    constexpr int rows = 20'000;
    Stopwatch watch;
    for (int i = 0; i < rows; ++i) {
        const auto line = load.line(i % load.size());
        watch.run([&] {
            const auto order = codec::read_cached_order(line);
            if (!order || codec::write_cached_order(*order) != line) {
                throw std::runtime_error{"the load is not what the long way reads"};
            }
        });
    }
    return watch.us() / rows;
}

std::uintmax_t bytes_of_orders(const path& folder) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().filename().string().starts_with("orders.")) {
            bytes += entry.file_size();
        }
    }
    return bytes;
}

/// The system forgets what it read of the folder's files: what comes next is read from the disk.
void forget_files(const path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0 || ::fdatasync(file) != 0 || ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0) {
            throw std::runtime_error{entry.path().string() + " cannot be evicted"};
        }
        ::close(file);
    }
}

void remove_all(const std::vector<path>& files) {
    for (const auto& file : files) {
        std::filesystem::remove(file);
        std::filesystem::remove(file.string() + "-wal");
    }
}

/// A thousand appointments of tractors without a box: where plates name orders, a passage asks for each that looks like
/// one of its own.
void name_plates(store::OrderCache& cache) {
    store::OrderBatchRows batch{ciq, 2, {}, WallTime{}, {}};
    for (int number = 1000; number < 2000; ++number) {
        store::OrderRow row;
        row.id = OrderId{"M-" + std::to_string(number)};
        row.status = "active";
        row.body = "{}";
        row.plates = {PlateNumber::parse("闽DA" + std::to_string(number)).value()};
        batch.changes.push_back({std::move(row), std::nullopt});
    }
    cache.begin(std::move(batch));
    while (!must(cache.apply_slice())) {
    }
}

struct Point {
    std::int64_t orders = 0;
    double import_us_a_row = 0;
    double warm_p50_us = 0;
};

Point measure_point(const OrderBench& bench, std::int64_t orders, Figures& figures) {
    const OrderLoad load{orders};
    const auto folder = bench.folder / ("at-" + std::to_string(orders));
    std::filesystem::create_directories(folder);
    auto cache = open_cache(folder);
    Import import{folder, cache.get(), 1};
    for (std::int64_t place = 0; place < load.size();) {
        import.take(next_chunk(load, place));
    }
    const auto imported = import.finish();
    name_plates(*cache);
    LookUps look_ups{load, 1};
    const auto warm = look_ups.warm(*cache, bench.look_ups);
    cache.reset();
    std::filesystem::remove_all(folder);
    const Point point{orders, imported.us / static_cast<double>(orders), quantile(warm, 0.5)};
    const auto at = "_at_" + std::to_string(orders);
    figures.print("orders.import_us_a_row" + at, point.import_us_a_row, "us", {}, 1);
    figures.print("orders.lookup_warm_p50_us" + at, point.warm_p50_us, "us", {}, warm.size());
    return point;
}

void measure_largest(const OrderBench& bench, const std::vector<Point>& curve, Figures& figures) {
    const OrderLoad load{bench.orders};
    const auto folder = bench.folder / "state";
    std::filesystem::create_directories(folder);
    const auto rows = static_cast<double>(bench.orders);
    const auto bare_us = bare_import_us(load, bench.folder / "bare.db");
    const auto resident_before = resident_mib();
    auto cache = open_cache(folder);
    Import import{folder, cache.get(), 1};
    for (std::int64_t place = 0; place < load.size();) {
        import.take(next_chunk(load, place));
    }
    const auto imported = import.finish();
    remove_all(import.left_over());

    figures.print("orders.import_us_a_row", imported.us / rows, "us", {}, 1);
    figures.print("orders.bare_sqlite_us_a_row", bare_us / rows, "us", {}, 1);
    figures.print("orders.import_over_bare_sqlite", bare_us / imported.us, "ratio", bench.timed(Aim::at_least(0.5)), 1,
                  "a row takes " + std::to_string(imported.us / rows) + " us, a bare one " +
                      std::to_string(bare_us / rows) + " us");
    // The negative control: an import that reads each order as any may be written would not be there in time.
    const auto long_us = long_way_us_a_row(load);
    figures.print("orders.long_way_over_bare_sqlite", bare_us / rows / (long_us + bare_us / rows), "ratio",
                  bench.timed(Aim::at_most(0.5)), 20'000, "reading an order the long way would do as well");
    figures.print("orders.bytes_over_payload",
                  static_cast<double>(bytes_of_orders(folder)) / static_cast<double>(imported.payload_bytes), "ratio",
                  Aim::at_most(1.5), 1);

    name_plates(*cache);
    cache.reset();
    forget_files(folder);
    cache = open_cache(folder);
    LookUps look_ups{load, 1};
    const auto cold = look_ups.many(*cache, bench.look_ups);
    figures.print("orders.lookup_cold_p50_us", quantile(cold, 0.5), "us", {}, cold.size());
    figures.print("orders.lookup_cold_p99_us", quantile(cold, 0.99), "us", bench.timed(Aim::at_most(2'000)),
                  cold.size());
    const auto warm = look_ups.warm(*cache, bench.look_ups);
    figures.print("orders.lookup_warm_p50_us", quantile(warm, 0.5), "us", {}, warm.size());
    figures.print("orders.lookup_warm_p99_us", quantile(warm, 0.99), "us", bench.timed(Aim::at_most(50)), warm.size());
    // Page caches: 16 MiB of the file that is filled, 32 MiB of those that are asked.
    figures.print("orders.rss_mib", std::max(imported.most_resident_mib, resident_mib()) - resident_before, "MiB",
                  Aim::at_most(96), 1);
    if (!curve.empty()) {
        figures.print("orders.lookup_cost_of_largest_over_smallest", quantile(warm, 0.5) / curve.front().warm_p50_us,
                      "ratio", bench.timed(Aim::at_most(3)), warm.size(), "the cost grows faster than the logarithm");
        figures.print("orders.import_cost_of_largest_over_smallest", imported.us / rows / curve.back().import_us_a_row,
                      "ratio", bench.timed(Aim::at_most(2)), 1, "the cost of a row grows with the rows");
    }
    measure_meanwhile(bench, load, *cache, figures);
    measure_batches(bench, load, *cache, figures);
}

}  // namespace

void measure_order_cache(const OrderBench& bench, Figures& figures) {
    std::vector<Point> curve;
    for (std::int64_t orders = 10'000; orders < bench.orders; orders *= 10) {
        curve.push_back(measure_point(bench, orders, figures));
    }
    measure_largest(bench, curve, figures);
}

}  // namespace portcullis::bench
