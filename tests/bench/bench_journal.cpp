#include "tests/bench/bench_journal.hpp"

#include <chrono>
#include <stdexcept>
#include <vector>

#include "runtime/clock.hpp"
#include "tests/bench/bare_journal.hpp"
#include "tests/fault/link/event_source.hpp"

namespace portcullis::bench {

namespace {

using fault::EventSource;
using testing::Aim;

/// So many commits of one kind, then as many of the other: what the disk does meanwhile meets both.
constexpr int block = 250;
/// Commits of the negative control.
constexpr int control_commits = 1000;

/// What the commits of one kind took.
struct Taken {
    std::vector<double> commit_ms;
    double seconds = 0;  ///< checkpoints included
    [[nodiscard]] double commits_per_second() const { return static_cast<double>(commit_ms.size()) / seconds; }
};

double since(const runtime::Clock& clock, Instant began) {
    return std::chrono::duration<double>(clock.now().instant - began).count();
}

/// `commit` each row, with a checkpoint where one is due.
template <class Commit, class Checkpoint>
void take_block(const runtime::Clock& clock, const std::vector<store::EventRow>& rows, Taken& taken,
                const Commit& commit, const Checkpoint& checkpoint) {
    const auto block_began = clock.now().instant;
    for (const auto& row : rows) {
        const auto began = clock.now().instant;
        commit(row);
        taken.commit_ms.push_back(since(clock, began) * 1000);
        checkpoint();
    }
    taken.seconds += since(clock, block_began);
}

void must_commit(store::StoreOutcome outcome) {
    if (outcome != store::StoreOutcome::committed) {
        throw std::runtime_error{"the journal did not commit"};
    }
}

}  // namespace

void measure_journal(const JournalBench& bench, testing::Figures& figures) {
    const runtime::SystemClock clock;
    std::filesystem::create_directories(bench.folder / "journal");
    const auto journal = fault::open_journal(bench.folder / "journal");
    EventSource source{*journal, clock};
    BareJournal bare{bench.folder / "bare.db"};

    Taken ours;
    Taken floor;
    Taken handicapped;
    const auto checkpoint_ours = [&] {
        if (journal->checkpoint_due()) {
            must_commit(journal->checkpoint());
        }
    };
    const auto checkpoint_bare = [&] {
        if (bare.checkpoint_due()) {
            bare.checkpoint();
        }
    };
    const auto commit_ours = [&](const store::EventRow& row) {
        store::JournalBatch batch;
        batch.events.push_back(row);
        must_commit(journal->append(batch));
    };
    for (int done = 0; done < bench.commits; done += block) {
        const auto rows = source.next(block).events;
        take_block(clock, rows, ours, commit_ours, checkpoint_ours);
        take_block(
            clock, rows, floor, [&](const auto& row) { bare.append(row); }, checkpoint_bare);
    }
    take_block(
        clock, source.next(control_commits).events, handicapped,
        [&](const auto& row) {
            commit_ours(row);
            must_commit(journal->acknowledge("supervision", row.sequence));
        },
        checkpoint_ours);

    const auto n = ours.commit_ms.size();
    const auto bare_p99 = testing::quantile(floor.commit_ms, 0.99);
    figures.print("journal.commits_per_second", ours.commits_per_second(), "1/s", {}, n);
    figures.print("journal.bare_commits_per_second", floor.commits_per_second(), "1/s", {}, n);
    figures.print("journal.commits_over_bare_sqlite", ours.commits_per_second() / floor.commits_per_second(), "ratio",
                  Aim::at_least(0.9), n,
                  "a commit takes " + std::to_string(testing::mean(ours.commit_ms)) + " ms on average, a bare one " +
                      std::to_string(testing::mean(floor.commit_ms)) + " ms");
    figures.print("journal.commit_p50_ms", testing::quantile(ours.commit_ms, 0.5), "ms", {}, n);
    figures.print("journal.bare_commit_p50_ms", testing::quantile(floor.commit_ms, 0.5), "ms", {}, n);
    figures.print("journal.commit_p99_ms", testing::quantile(ours.commit_ms, 0.99), "ms", {}, n);
    figures.print("journal.bare_commit_p99_ms", bare_p99, "ms", {}, n);
    // The negative control: a journal that syncs twice for each event must not reach the aim.
    figures.print("journal.twice_synced_over_bare_sqlite",
                  handicapped.commits_per_second() / floor.commits_per_second(), "ratio", Aim::at_most(0.9),
                  handicapped.commit_ms.size(), "a journal at half its speed reaches the aim: the aim proves nothing");
}

}  // namespace portcullis::bench
