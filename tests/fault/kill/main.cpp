// kill -9 at every system call of a scripted day that can change the disk, on the real file system; and again while the
// start after it recovers. Every event that was told durable is there afterwards, once, in order.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "tests/fault/kill/traced_day.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/fault/support/proof.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

/// System calls of a start that can change the disk: a kill within so many meets the recovery.
constexpr std::int64_t start_calls = 24;

DayPlan life(const std::filesystem::path& directory, std::uint8_t number, int passages) {
    DayPlan plan;
    plan.directory = directory;
    plan.life = number;
    plan.passages = passages;
    return plan;
}

struct Count {
    std::int64_t points = 0;
    std::int64_t in_recovery = 0;
    std::int64_t not_restarted = 0;
    Broken broken;
};

void add(const TracedDay& day, std::vector<Word>& words) {
    words.insert(words.end(), day.words.begin(), day.words.end());
}

/// Every kill point of a day from `first` on.
Count sweep(const Proof& proof, int passages, bool hasty, std::int64_t step) {
    Count count;
    for (std::int64_t point = 1;; point += step) {
        const store::testing::TemporaryDirectory directory;
        std::vector<Word> words;
        auto plan = life(directory.path(), 1, passages);
        plan.hasty = hasty;
        const auto day = run_traced(plan, point);
        add(day, words);
        if (!day.killed) {
            if (!day.ordered) {
                throw std::runtime_error{"a day that nobody killed did not end in order"};
            }
            return count;
        }
        ++count.points;
        const auto recovery = run_traced(life(directory.path(), 2, 1), 1 + point % start_calls);
        add(recovery, words);
        count.in_recovery += recovery.killed ? 1 : 0;
        // Goes on where it was, so that a number that was lost would be given to another event.
        const auto next = run_traced(life(directory.path(), 3, 1), 0);
        add(next, words);
        count.not_restarted += next.ordered ? 0 : 1;
        count.broken += proof.look(directory.path(), {}, words);
    }
}

/// Whoever removes the log after a kill loses what only stood there: the proof must say so.
std::int64_t lost_without_log(const Proof& proof, std::int64_t points) {
    const store::testing::TemporaryDirectory directory;
    const auto day = run_traced(life(directory.path(), 1, 4), points * 3 / 4);
    std::filesystem::remove(directory.path() / "journal.db-wal");
    return proof.look(directory.path(), {}, day.words).lost;
}

int run(bool is_short) {
    use_memory_for_temporary_files();  // the kernel keeps what a killed process has written, whatever the file system
    const Proof proof;
    const int passages = is_short ? 4 : 24;
    const auto count = sweep(proof, passages, false, 1);
    const auto control = sweep(proof, 4, true, 3);
    const auto n = static_cast<std::size_t>(count.points);
    const auto& broken = count.broken;
    testing::Figures figures;
    const auto print = [&](const std::string& name, std::int64_t value, std::optional<Aim> aim,
                           const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, n, reason);
    };
    print("fault.kill_points", count.points, {}, {});
    print("fault.kill_points_in_recovery", count.in_recovery, Aim::at_least(1), "no recovery was killed");
    print("fault.kill_lost", broken.lost, Aim::at_most(0), broken.first);
    print("fault.kill_duplicated", broken.disordered, Aim::at_most(0), broken.first);
    print("fault.kill_gaps", broken.gaps, Aim::at_most(0), broken.first);
    print("fault.kill_corrupt", broken.corrupt + broken.mixed_batches + count.not_restarted, Aim::at_most(0),
          broken.first.empty() ? "a start after a kill did not come to its end" : broken.first);
    print("fault.opened_without_record", broken.opened, Aim::at_most(0), broken.first);
    // Negative controls.
    print("fault.kill_opened_when_hasty", control.broken.opened, Aim::at_least(1),
          "an arm that goes up before its commit was not found out");
    print("fault.kill_lost_without_log", lost_without_log(proof, control.points * 3), Aim::at_least(1),
          "the log was removed and nothing was missed");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_kill: kill -9 at every system call that can change the disk"};
    bool is_short = false;
    app.add_flag("--short", is_short, "a shorter day");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_kill stopped: " << error.what() << '\n';
        return 1;
    }
}
