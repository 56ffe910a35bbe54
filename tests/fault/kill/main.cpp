// kill -9 at every system call of a scripted day that can change the disk, on the real file system; and again while the
// start after it recovers. Every event that was told durable is there afterwards, once, in order.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "tests/fault/kill/traced_day.hpp"
#include "tests/fault/support/doctored.hpp"
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

/// What the proof says of days to which something was done that it must find.
class Controls {
public:
    /// `points`: kill points of such a day, about.
    Controls(const Proof& proof, std::int64_t points) : proof_(proof), points_(points) {}

    /// Whoever removes the log after a kill, and what knows of it, loses what only stood there; and what comes next is
    /// given numbers that were delivered with other events.
    [[nodiscard]] Broken log_lost() const {
        const store::testing::TemporaryDirectory directory;
        std::vector<Word> words;
        add(run_traced(life(directory.path(), 1, passages), points_ * 3 / 4), words);
        std::filesystem::remove(directory.path() / "journal.db-wal");
        std::filesystem::remove(directory.path() / "end");
        auto broken = proof_.look(directory.path(), {}, words);
        add(run_traced(life(directory.path(), 3, passages), 0), words);
        broken += proof_.look(directory.path(), {}, words);
        return broken;
    }
    /// Of a day that ended in order, and was changed by `change` afterwards.
    template <class Change>
    [[nodiscard]] Broken changed(const Change& change) const {
        const store::testing::TemporaryDirectory directory;
        const auto day = run_traced(life(directory.path(), 1, passages), 0);
        change(directory.path());
        return proof_.look(directory.path(), {}, day.words);
    }

private:
    static constexpr int passages = 4;

    const Proof& proof_;
    std::int64_t points_;
};

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
    const Controls controls{proof, control.points * 3};
    const auto log_lost = controls.log_lost();
    print("fault.kill_lost_without_log", log_lost.lost, Aim::at_least(1), "the log was removed and nothing was missed");
    print("fault.kill_duplicated_without_log", log_lost.disordered, Aim::at_least(1),
          "numbers were given twice and nothing noticed");
    const auto gap = controls.changed([](const auto& directory) { Doctor{directory, {}}.remove_an_entry(); });
    print("fault.kill_gaps_when_one_is_removed", gap.gaps, Aim::at_least(1),
          "an entry was removed and nothing noticed");
    const auto damaged = controls.changed([](const auto& directory) {
        const auto log = directory / "journal.db-wal";
        std::filesystem::resize_file(log, std::filesystem::file_size(log) / 2);
    });
    print("fault.kill_corrupt_when_log_is_cut", damaged.corrupt, Aim::at_least(1),
          "a log was cut in half and nothing noticed");
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
