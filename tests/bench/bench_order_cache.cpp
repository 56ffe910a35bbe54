#include "tests/bench/bench_order_cache.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <exception>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "codec/orders.hpp"
#include "gate/snapshot_chunk.hpp"
#include "runtime/clock.hpp"
#include "store/journal.hpp"
#include "store/order_cache.hpp"
#include "store/order_fill.hpp"
#include "tests/bench/bare_orders.hpp"
#include "tests/bench/order_load.hpp"
#include "trust/hash.hpp"

namespace portcullis::bench {
namespace {

using testing::Aim;
using testing::Figures;
using testing::quantile;
using std::chrono::duration;
using std::filesystem::path;

const Authority ciq{"ciq"};

class Stopwatch {
public:
    template <class Work>
    double run(const Work& work) {
        const auto began = clock_.now().instant;
        work();
        const auto took = duration<double, std::micro>(clock_.now().instant - began).count();
        sum_us_ += took;
        return took;
    }
    [[nodiscard]] double us() const { return sum_us_; }

private:
    runtime::SystemClock clock_;
    double sum_us_ = 0;
};

double resident_mib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        if (word == "VmRSS:") {
            double kib = 0;
            status >> kib;
            return kib / 1024;
        }
    }
    throw std::runtime_error{"/proc/self/status names no VmRSS"};
}

template <class Value>
Value must(Result<Value, store::StoreFailure> result) {
    if (!result) {
        throw std::runtime_error{result.error().message};
    }
    return std::move(result).value();
}

struct Imported {
    double us = 0;
    std::int64_t payload_bytes = 0;
    double most_resident_mib = 0;
};

/// What a gate does with the chunks of a snapshot: hash, read, check, insert; then the file takes its place.
class Import {
public:
    Import(const path& folder, store::OrderCache* cache, std::int64_t number)
        : fill_(must(store::OrderFill::begin({folder, {}}, {ciq, number, {}}))), cache_(cache) {}

    void take(const std::string& chunk) {
        imported_.payload_bytes += static_cast<std::int64_t>(chunk.size());
        watch_.run([&] {
            hashes_ += trust::sha256(chunk)[0];
            const auto lines = gate::fill_chunk(chunk, ciq, reader_, *fill_);
            if (!lines) {
                throw std::runtime_error{lines.error().message()};
            }
            if (const auto failed = fill_->sync()) {
                throw std::runtime_error{failed->message};
            }
        });
        imported_.most_resident_mib = std::max(imported_.most_resident_mib, resident_mib());
    }
    Imported finish() {
        watch_.run([&] {
            if (must(fill_->finish()) != store::OrderFill::Finished::whole) {
                throw std::runtime_error{"an order is there twice"};
            }
        });
        imported_.most_resident_mib = std::max(imported_.most_resident_mib, resident_mib());
        if (cache_ != nullptr) {
            watch_.run([&] { left_over_ = must(cache_->swap_in(std::move(fill_), WallTime{})).left_over; });
        }
        imported_.us = watch_.us();
        return imported_;
    }
    [[nodiscard]] const std::vector<path>& left_over() const { return left_over_; }

private:
    std::unique_ptr<store::OrderFill> fill_;
    store::OrderCache* cache_;
    codec::PlainOrderReader reader_;
    Stopwatch watch_;
    Imported imported_;
    int hashes_ = 0;
    std::vector<path> left_over_;
};

std::unique_ptr<store::OrderCache> open_cache(const path& folder) {
    return must(store::OrderCache::open({folder, {}, 50, true, {}}));
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

class LookUps {
public:
    LookUps(const OrderLoad& load, unsigned seed) : load_(load), random_(seed) {}

    double one(store::OrderCache& cache) {
        std::uniform_int_distribution<std::int64_t> place{0, load_.size() - 1};
        return one(cache, place(random_));
    }
    double one(store::OrderCache& cache, std::int64_t place) const {
        const OrderQuestion question{{load_.container(place)}, {}, ControlPoint{"g07"}};
        std::size_t found = 0;
        const auto us = Stopwatch{}.run([&] { found = must(cache.look_up(question, WallTime{})).orders.size(); });
        if (found != 1) {
            throw std::runtime_error{"order " + std::to_string(place) + " is not found"};
        }
        return us;
    }
    std::vector<double> many(store::OrderCache& cache, int count) {
        std::vector<double> us;
        for (int i = 0; i < count; ++i) {
            us.push_back(one(cache));
        }
        return us;
    }
    /// Of places that were just looked up.
    std::vector<double> warm(store::OrderCache& cache, int count) {
        std::vector<std::int64_t> places(static_cast<std::size_t>(count));
        std::uniform_int_distribution<std::int64_t> place{0, load_.size() - 1};
        std::generate(places.begin(), places.end(), [&] { return place(random_); });
        std::vector<double> us;
        for (int round = 0; round < 3; ++round) {
            us.clear();
            std::transform(places.begin(), places.end(), std::back_inserter(us),
                           [&](std::int64_t one_place) { return one(cache, one_place); });
        }
        return us;
    }

private:
    const OrderLoad& load_;
    std::mt19937_64 random_;
};

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

/// Commits as a lane's verdicts make them.
class Committer {
public:
    explicit Committer(const path& folder)
        : journal_(must(store::Journal::open({folder, {}, {}}, [next = std::uint8_t{0}]() mutable {
              std::array<std::uint8_t, 16> bytes{};
              bytes[15] = ++next;
              return bytes;
          }))) {}

    double one() {
        store::EventRow row;
        row.sequence = journal_->last().sequence + 1;
        row.type = "verdict.issued";
        row.subject = "lane/out-1";
        row.published = std::string(600, 'x');
        store::JournalBatch batch;
        batch.events.push_back(std::move(row));
        return Stopwatch{}.run([&] {
            if (journal_->append(batch) != store::StoreOutcome::committed) {
                throw std::runtime_error{"the journal does not commit"};
            }
        });
    }
    /// Outside of what is measured, as the gate does it between events.
    void tidy() {
        if (journal_->checkpoint_due() && journal_->checkpoint() != store::StoreOutcome::committed) {
            throw std::runtime_error{"the journal cannot move its log"};
        }
    }

private:
    std::unique_ptr<store::Journal> journal_;
};

/// A lane that looks up and commits every 5 to 35 ms, as limits do, and how long each took.
struct LaneTimes {
    std::vector<double> commit_us;
    std::vector<double> look_up_us;
};

template <class GoOn>
LaneTimes drive_lane(Committer& committer, LookUps& look_ups, store::OrderCache& cache, const GoOn& go_on) {
    std::mt19937_64 random{7};
    std::uniform_int_distribution pause_ms{5, 35};
    LaneTimes times;
    while (go_on(times)) {
        times.look_up_us.push_back(look_ups.one(cache));
        times.commit_us.push_back(committer.one());
        committer.tidy();
        std::this_thread::sleep_for(std::chrono::milliseconds{pause_ms(random)});
    }
    return times;
}

/// Another snapshot is filled while a lane decides: again and again, until there is enough to say what is seldom.
void measure_meanwhile(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache, Figures& figures) {
    const auto folder = bench.folder / "lane";
    const auto other = bench.folder / "other";
    std::filesystem::create_directories(folder);
    std::filesystem::create_directories(other);
    Committer committer{folder};
    LookUps look_ups{load, 3};
    const auto wanted = static_cast<std::size_t>(bench.look_ups) / 2;
    const auto idle = drive_lane(committer, look_ups, cache,
                                 [&](const LaneTimes& times) { return times.commit_us.size() < wanted; });
    std::atomic<bool> enough{false};
    std::atomic<std::int64_t> rows{0};
    std::exception_ptr trouble;
    std::thread importer{[&] {
        try {
            while (!enough) {
                Import import{other, nullptr, 1};
                for (std::int64_t place = 0; place < load.size() && !enough;) {
                    const auto before = place;
                    import.take(next_chunk(load, place));
                    rows += place - before;
                }
                static_cast<void>(import.finish());
            }
        } catch (...) {
            trouble = std::current_exception();
        }
    }};
    const auto busy = drive_lane(committer, look_ups, cache,
                                 [&](const LaneTimes& times) { return times.commit_us.size() < wanted; });
    enough = true;
    importer.join();
    if (trouble) {
        std::rethrow_exception(trouble);
    }
    const auto idle_p99 = quantile(idle.commit_us, 0.99);
    const auto busy_p99 = quantile(busy.commit_us, 0.99);
    const auto n = busy.commit_us.size();
    figures.print("orders.rows_imported_meanwhile", static_cast<double>(rows.load()), "1", Aim::at_least(1), 1);
    figures.print("orders.verdict_commit_idle_p99_ms", idle_p99 / 1000, "ms", {}, idle.commit_us.size());
    figures.print("orders.verdict_commit_during_import_p99_ms", busy_p99 / 1000, "ms", {}, n);
    figures.print("orders.verdict_commit_p99_over_idle", busy_p99 / idle_p99, "ratio", Aim::at_most(3), n,
                  "an idle commit takes " + std::to_string(idle_p99 / 1000) + " ms here");
    figures.print("orders.lookup_during_import_p99_ms", quantile(busy.look_up_us, 0.99) / 1000, "ms", Aim::at_most(10),
                  n);
}

/// Batches of random orders, a look-up behind each slice, as the worker of the gate takes them.
void measure_batches(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache, Figures& figures) {
    constexpr std::size_t changes = 1'000;
    LookUps look_ups{load, 5};
    std::mt19937_64 random{9};
    std::uniform_int_distribution<std::int64_t> place{0, load.size() - 1};
    std::vector<double> waited_us;
    Stopwatch applying;
    std::size_t applied = 0;
    for (std::int64_t number = 1'000; waited_us.size() < static_cast<std::size_t>(bench.look_ups); ++number) {
        store::OrderBatchRows batch{ciq, number, {}, WallTime{std::chrono::milliseconds{number}}, {}};
        for (std::size_t i = 0; i < changes; ++i) {
            const auto one = place(random);
            store::OrderRow row;
            row.id = OrderId{OrderLoad::order_id(one)};
            row.status = "held";
            row.body = load.line(one);
            row.container = load.container(one);
            batch.changes.push_back({std::move(row), std::nullopt});
        }
        cache.begin(std::move(batch));
        for (bool over = false; !over;) {
            const auto slice_us = applying.run([&] { over = must(cache.apply_slice()).has_value(); });
            waited_us.push_back(slice_us + look_ups.one(cache));
        }
        applied += changes;
        while (cache.untidy()) {
            std::optional<store::StoreFailure> failed;
            const auto tidy_us = applying.run([&] { failed = cache.tidy(); });
            if (failed) {
                throw std::runtime_error{failed->message};
            }
            waited_us.push_back(tidy_us + look_ups.one(cache));
        }
    }
    figures.print("orders.batch_rows_per_second", static_cast<double>(applied) / applying.us() * 1e6, "1/s", {},
                  applied);
    figures.print("orders.lookup_during_batch_p99_ms", quantile(waited_us, 0.99) / 1000, "ms", Aim::at_most(10),
                  waited_us.size());
}

void remove_all(const std::vector<path>& files) {
    for (const auto& file : files) {
        std::filesystem::remove(file);
        std::filesystem::remove(file.string() + "-wal");
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
    figures.print("orders.import_over_bare_sqlite", bare_us / imported.us, "ratio", Aim::at_least(0.5), 1,
                  "a row takes " + std::to_string(imported.us / rows) + " us, a bare one " +
                      std::to_string(bare_us / rows) + " us");
    // The negative control: an import that reads each order as any may be written would not be there in time.
    const auto long_us = long_way_us_a_row(load);
    figures.print("orders.long_way_over_bare_sqlite", bare_us / rows / (long_us + bare_us / rows), "ratio",
                  Aim::at_most(0.5), 20'000, "reading an order the long way would do as well");
    figures.print("orders.bytes_over_payload",
                  static_cast<double>(bytes_of_orders(folder)) / static_cast<double>(imported.payload_bytes), "ratio",
                  Aim::at_most(1.5), 1);

    cache.reset();
    forget_files(folder);
    cache = open_cache(folder);
    LookUps look_ups{load, 1};
    const auto cold = look_ups.many(*cache, bench.look_ups);
    figures.print("orders.lookup_cold_p50_us", quantile(cold, 0.5), "us", {}, cold.size());
    figures.print("orders.lookup_cold_p99_us", quantile(cold, 0.99), "us", Aim::at_most(2'000), cold.size());
    const auto warm = look_ups.warm(*cache, bench.look_ups);
    figures.print("orders.lookup_warm_p50_us", quantile(warm, 0.5), "us", {}, warm.size());
    figures.print("orders.lookup_warm_p99_us", quantile(warm, 0.99), "us", Aim::at_most(50), warm.size());
    // Page caches: 16 MiB of the file that is filled, 8 MiB of the one that is asked.
    figures.print("orders.rss_mib", std::max(imported.most_resident_mib, resident_mib()) - resident_before, "MiB",
                  Aim::at_most(96), 1);
    if (!curve.empty()) {
        figures.print("orders.lookup_cost_of_largest_over_smallest", quantile(warm, 0.5) / curve.front().warm_p50_us,
                      "ratio", Aim::at_most(3), warm.size(), "the cost grows faster than the logarithm");
        figures.print("orders.import_cost_of_largest_over_smallest",
                      imported.us / rows / curve.back().import_us_a_row, "ratio", Aim::at_most(2), 1,
                      "the cost of a row grows with the rows");
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
