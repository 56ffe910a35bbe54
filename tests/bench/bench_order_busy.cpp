// What a lane feels of an import, and look-ups of batches.
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <future>
#include <thread>

#include "runtime/worker.hpp"
#include "store/journal.hpp"
#include "store/order_sync.hpp"
#include "tests/bench/bench_order_cache.hpp"
#include "tests/bench/order_bench_tools.hpp"

namespace portcullis::bench {
namespace {

using std::filesystem::path;
using testing::Aim;
using testing::Figures;
using testing::quantile;

/// Commits as a lane's verdicts make them.
class Committer {
public:
    Committer(const path& folder, std::shared_ptr<store::RightOfWay> right_of_way)
        : journal_(
              must(store::Journal::open({folder, {}, {}, std::move(right_of_way)}, [next = std::uint8_t{0}]() mutable {
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

/// Adds so many to what is known.
void drive_lane(Committer& committer, LookUps& look_ups, store::OrderCache& cache, std::size_t verdicts,
                LaneTimes& times) {
    std::mt19937_64 random{times.commit_us.size()};
    std::uniform_int_distribution pause_ms{5, 35};
    boost::asio::io_context context;
    for (std::size_t i = 0; i < verdicts; ++i) {
        times.look_up_us.push_back(look_ups.one(cache));
        times.commit_us.push_back(committer.one());
        committer.tidy();
        boost::asio::steady_timer pause{context, std::chrono::milliseconds{pause_ms(random)}};
        pause.wait();
    }
}

/// Fills snapshots, again and again, while it is told to.
class Filler {
public:
    Filler(const OrderLoad& load, path folder, std::shared_ptr<store::RightOfWay> right_of_way)
        : load_(load), folder_(std::move(folder)), right_of_way_(std::move(right_of_way)), thread_([this] { run(); }) {}
    ~Filler() {
        end_ = true;
        set_busy(true);
        thread_.join();
    }
    Filler(const Filler&) = delete;
    Filler& operator=(const Filler&) = delete;
    Filler(Filler&&) = delete;
    Filler& operator=(Filler&&) = delete;

    void set_busy(bool busy) {
        busy_ = busy;
        busy_.notify_all();
    }
    /// It does nothing: what it has begun it ends first, an index too.
    [[nodiscard]] bool rests() const { return rests_ || failed_; }
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    void run() {
        try {
            while (!end_) {
                Import import{folder_, nullptr, 1, right_of_way_};
                for (std::int64_t place = 0; place < load_.size() && !end_;) {
                    rests_ = !busy_;
                    busy_.wait(false);
                    rests_ = false;
                    const auto before = place;
                    import.take(next_chunk(load_, place));
                    rows_ += place - before;
                }
                static_cast<void>(import.finish());
            }
        } catch (const std::exception&) {
            failed_ = true;
        }
    }

    const OrderLoad& load_;
    path folder_;
    std::shared_ptr<store::RightOfWay> right_of_way_;
    std::atomic<bool> busy_ = false;
    std::atomic<bool> rests_ = false;
    std::atomic<bool> end_ = false;
    std::atomic<bool> failed_ = false;
    std::atomic<std::int64_t> rows_ = 0;
    std::thread thread_;
};

}  // namespace

/// Other snapshots are filled while a lane decides.
void measure_meanwhile(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache, Figures& figures) {
    const auto folder = bench.folder / "lane";
    const auto other = bench.folder / "other";
    std::filesystem::create_directories(folder);
    std::filesystem::create_directories(other);
    const auto right_of_way = std::make_shared<store::RightOfWay>();
    Committer committer{folder, right_of_way};
    LookUps look_ups{load, 3};
    // A shared disk has its moods: by turns, both meet the same ones.
    constexpr std::size_t turns = 10;
    const auto wanted = static_cast<std::size_t>(bench.look_ups) / 2 / turns;
    LaneTimes idle;
    LaneTimes busy;
    Filler filler{load, other, right_of_way};
    for (std::size_t turn = 0; turn < turns; ++turn) {
        drive_lane(committer, look_ups, cache, wanted, idle);
        filler.set_busy(true);
        drive_lane(committer, look_ups, cache, wanted, busy);
        filler.set_busy(false);
        while (!filler.rests()) {
            drive_lane(committer, look_ups, cache, 1, busy);
        }
    }
    if (filler.failed()) {
        throw std::runtime_error{"a snapshot cannot be filled"};
    }
    const auto idle_p99 = quantile(idle.commit_us, 0.99);
    const auto busy_p99 = quantile(busy.commit_us, 0.99);
    const auto n = busy.commit_us.size();
    figures.print("orders.rows_imported_meanwhile", static_cast<double>(filler.rows()), "1", Aim::at_least(1), 1);
    figures.print("orders.verdict_commit_idle_p99_ms", idle_p99 / 1000, "ms", {}, idle.commit_us.size());
    figures.print("orders.verdict_commit_during_import_p99_ms", busy_p99 / 1000, "ms", {}, n);
    figures.print("orders.verdict_commit_p99_over_idle", busy_p99 / idle_p99, "ratio", bench.timed(Aim::at_most(3)), n,
                  "an idle commit takes " + std::to_string(idle_p99 / 1000) + " ms here");
    figures.print("orders.lookup_during_import_p99_ms", quantile(busy.look_up_us, 0.99) / 1000, "ms",
                  bench.timed(Aim::at_most(10)), n);
}

/// Applies batches as the worker of the gate does, and notes how long a look-up waits that comes when a piece begins.
class Batches {
public:
    Batches(const OrderLoad& load, store::OrderCache& cache) : load_(load), cache_(cache) {}

    void apply(std::int64_t number, std::size_t changes) {
        cache_.begin(batch(number, changes));
        for (bool over = false; !over;) {
            piece([&] { over = must(cache_.apply_slice()).has_value(); });
        }
        while (cache_.untidy()) {
            piece([&] { succeed(cache_.tidy()); });
        }
    }
    [[nodiscard]] const std::vector<double>& waited_us() const { return waited_us_; }
    [[nodiscard]] double us() const { return working_.us(); }

private:
    static void succeed(const std::optional<store::StoreFailure>& failed) {
        if (failed) {
            throw std::runtime_error{failed->message};
        }
    }
    store::OrderBatchRows batch(std::int64_t number, std::size_t changes) {
        std::uniform_int_distribution<std::int64_t> place{0, load_.size() - 1};
        store::OrderBatchRows batch{ciq, number, {}, WallTime{std::chrono::milliseconds{number}}, {}};
        for (std::size_t i = 0; i < changes; ++i) {
            const auto one = place(random_);
            store::OrderRow row;
            row.id = OrderId{OrderLoad::order_id(one)};
            row.status = "held";
            row.body = load_.line(one);
            row.container = load_.container(one);
            batch.changes.push_back({std::move(row), std::nullopt});
        }
        return batch;
    }
    template <class Work>
    void piece(const Work& work) {
        const auto took = working_.run(work);
        waited_us_.push_back(took + look_ups_.one(cache_));
        const auto sync = cache_.take_sync();
        if (!sync) {
            return;
        }
        working_.run([&] {
            std::promise<void> durable;
            if (!documents_.post([&] {
                    sync->run();
                    durable.set_value();
                })) {
                throw std::runtime_error{"the worker takes nothing"};
            }
            waited_us_.push_back(look_ups_.one(cache_));
            durable.get_future().wait();
            succeed(cache_.synced(*sync));
        });
    }

    const OrderLoad& load_;
    store::OrderCache& cache_;
    LookUps look_ups_{load_, 5};
    std::mt19937_64 random_{9};
    runtime::SystemClock clock_;
    runtime::Worker documents_{{"documents"}, clock_};
    Stopwatch working_;
    std::vector<double> waited_us_;
};

/// Batches of random orders, a look-up behind each piece of that work, as the worker of the gate takes them.
void measure_batches(const OrderBench& bench, const OrderLoad& load, store::OrderCache& cache, Figures& figures) {
    constexpr std::size_t changes = 1'000;
    Batches batches{load, cache};
    std::size_t applied = 0;
    for (std::int64_t number = 1'000; batches.waited_us().size() < static_cast<std::size_t>(bench.look_ups); ++number) {
        batches.apply(number, changes);
        applied += changes;
    }
    const auto& waited_us = batches.waited_us();
    figures.print("orders.batch_rows_per_second", static_cast<double>(applied) / batches.us() * 1e6, "1/s", {},
                  applied);
    figures.print("orders.lookup_during_batch_p50_ms", quantile(waited_us, 0.5) / 1000, "ms", {}, waited_us.size());
    figures.print("orders.lookup_during_batch_p99_ms", quantile(waited_us, 0.99) / 1000, "ms",
                  bench.timed(Aim::at_most(10)), waited_us.size());
}

}  // namespace portcullis::bench
