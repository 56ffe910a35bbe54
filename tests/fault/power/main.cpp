// Power loss by replay: a scripted day of the real journal and order cache on a disk that notes what it is asked, and
// after it every state in which a cut at any point could leave that disk. Each is opened as the next start does it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "store/database.hpp"
#include "tests/fault/power/crash_images.hpp"
#include "tests/fault/support/proof.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

struct Terms {
    int passages;
    int random;
    std::size_t recovered_every;  ///< every so many states its recovery is cut as well
    std::size_t byte_stride;      ///< of the sweep over damaged bytes
    std::uint32_t seed;
};

/// A word, and how much the disk had been asked when it was said.
struct TimedWord {
    Word word;
    std::size_t operations;
};

struct Count {
    std::size_t states = 0;
    Broken broken;
};

class Laboratory {
public:
    explicit Laboratory(const Terms& terms) : terms_(terms) { MemoryDisk::name(); }

    /// Plays a day on an empty disk.
    void play(bool lazy_sync, bool hasty) {
        words_.clear();
        MemoryDisk::load({});
        MemoryDisk::skip_log_syncs(lazy_sync);
        DayPlan plan;
        plan.directory = fresh_directory();
        plan.file_system = MemoryDisk::name();
        plan.passages = terms_.passages;
        plan.hasty = hasty;
        plan.tell = [this](const Word& word) { words_.push_back({word, MemoryDisk::operations().size()}); };
        plan.before_checkpoint = [] { MemoryDisk::skip_log_syncs(false); };
        plan.after_checkpoint = [lazy_sync] { MemoryDisk::skip_log_syncs(lazy_sync); };
        Day day{plan};
        if (day.run() != DayEnd::ordered) {
            throw std::runtime_error{"the day did not end in order: " + day.why()};
        }
        operations_ = MemoryDisk::operations();
        after_ = MemoryDisk::image();
    }

    /// Every state of every cut of the day; of some, every cut of the recovery from it.
    [[nodiscard]] Count cut(bool recoveries) {
        Count count;
        CrashImages images{{}, terms_.random, terms_.seed};
        images.each(operations_, [&](std::size_t point, const DiskImage& image) {
            const auto words = told_before(point);
            look(image, words, recoveries, count);
        });
        return count;
    }

    /// Cuts while a journal of schema 1 is brought up to this version's.
    [[nodiscard]] Count cut_migration() {
        MemoryDisk::load(after_);
        {
            store::Database database{directory_->path() / "journal.db", MemoryDisk::name(), journal_application};
            database.configure();
            database.execute("DROP TABLE head");
            database.execute("PRAGMA user_version=1");
            database.execute("DELETE FROM meta WHERE name = 'clean_stop'");
            database.checkpoint();
        }
        Count count;
        recover(MemoryDisk::image(), told_before(operations_.size()), count);
        return count;
    }

    struct Bytes {
        std::size_t damaged = 0;
        std::size_t recognised = 0;
        std::size_t harmless = 0;
        std::size_t cut_short = 0;  ///< the log ends before the damage: what follows it is gone, the rest is whole
        std::size_t unseen = 0;     ///< an entry is another one, and all says that it is well
    };
    [[nodiscard]] Bytes damage_bytes() {
        Bytes bytes;
        const auto words = told_before(operations_.size());
        for (const auto& [file, content] : after_) {
            if (file.find("journal.db") == std::string::npos) {
                continue;
            }
            for (std::size_t at = 0; at < content.size(); at += terms_.byte_stride) {
                auto image = after_;
                image[file][at] = static_cast<char>(image[file][at] ^ 0x41);
                MemoryDisk::load(std::move(image));
                MemoryDisk::note(false);
                ++bytes.damaged;
                const auto broken = proof_.look(directory_->path(), MemoryDisk::name(), words);
                if (broken.corrupt + broken.gaps > 0) {
                    ++bytes.recognised;
                } else if (broken.none()) {
                    ++bytes.harmless;
                } else if (file.ends_with("-wal")) {
                    ++bytes.cut_short;
                } else {
                    ++bytes.unseen;
                }
            }
        }
        return bytes;
    }

    [[nodiscard]] std::size_t cut_points() const { return operations_.size() + 1; }

private:
    static constexpr std::int32_t journal_application = 0x50634a6e;

    std::filesystem::path fresh_directory() {
        directory_ = std::make_unique<store::testing::TemporaryDirectory>();
        return directory_->path();
    }

    [[nodiscard]] std::vector<Word> told_before(std::size_t point) const {
        std::vector<Word> words;
        for (const auto& timed : words_) {
            if (timed.operations <= point) {
                words.push_back(timed.word);
            }
        }
        return words;
    }

    void look(const DiskImage& image, const std::vector<Word>& words, bool recoveries, Count& count) {
        MemoryDisk::load(image);
        ++count.states;
        count.broken += proof_.look(directory_->path(), MemoryDisk::name(), words);
        if (recoveries && count.states % terms_.recovered_every == 0) {
            recover(image, words, count);
        }
    }

    /// The start after a cut is cut itself, at every point.
    void recover(const DiskImage& image, const std::vector<Word>& words, Count& count) {
        MemoryDisk::load(image);
        static_cast<void>(proof_.look(directory_->path(), MemoryDisk::name(), words));
        const auto recovery = MemoryDisk::operations();
        CrashImages images{image, 1, terms_.seed};
        images.each(recovery, [&](std::size_t, const DiskImage& left) { look(left, words, false, count); });
    }

    Terms terms_;
    Proof proof_;
    std::unique_ptr<store::testing::TemporaryDirectory> directory_;
    std::vector<TimedWord> words_;
    std::vector<DiskOperation> operations_;
    DiskImage after_;
};

int run(const Terms& terms) {
    use_memory_for_temporary_files();
    Laboratory laboratory{terms};
    testing::Figures figures;
    laboratory.play(false, false);
    const auto whole = laboratory.cut(true);
    const auto& broken = whole.broken;
    const auto n = laboratory.cut_points();
    const auto print = [&figures](const std::string& name, std::int64_t value, std::optional<Aim> aim, std::size_t of,
                                  const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, of, reason);
    };
    print("fault.power_states", static_cast<std::int64_t>(whole.states), {}, n, {});
    print("fault.power_lost_acked", broken.lost + broken.disordered, Aim::at_most(0), whole.states, broken.first);
    print("fault.power_corrupt", broken.corrupt + broken.gaps, Aim::at_most(0), whole.states, broken.first);
    print("fault.power_opened_without_record", broken.opened, Aim::at_most(0), whole.states, broken.first);
    print("fault.power_orders_mixed", broken.mixed_batches, Aim::at_most(0), whole.states, broken.first);
    const auto migration = laboratory.cut_migration();
    print("fault.power_migration_broken", migration.broken.none() ? 0 : 1, Aim::at_most(0), migration.states,
          migration.broken.first);
    const auto bytes = laboratory.damage_bytes();
    print("fault.corrupt_bytes", static_cast<std::int64_t>(bytes.damaged), Aim::at_least(1), bytes.damaged, "none");
    print("fault.corrupt_unseen", static_cast<std::int64_t>(bytes.unseen), Aim::at_most(0), bytes.damaged,
          "an entry was changed and nothing noticed");
    print("fault.corrupt_recognised", static_cast<std::int64_t>(bytes.recognised), Aim::at_least(1), bytes.damaged,
          "no damage was recognised: it is none");
    // What only somebody who holds a later head can see, central first of all.
    print("fault.corrupt_log_cut_short", static_cast<std::int64_t>(bytes.cut_short), {}, bytes.damaged, {});
    // Negative controls: what NORMAL loses, and an arm that does not wait.
    laboratory.play(true, false);
    const auto lazy = laboratory.cut(false);
    print("fault.power_lost_with_normal", lazy.broken.lost, Aim::at_least(1), lazy.states,
          "without a sync at each commit nothing was lost: the cuts do nothing");
    laboratory.play(false, true);
    const auto hasty = laboratory.cut(false);
    print("fault.power_opened_when_hasty", hasty.broken.opened, Aim::at_least(1), hasty.states,
          "an arm that goes up before its commit was not found out");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_power: every state in which a power cut can leave the journal"};
    bool is_short = false;
    std::uint32_t seed = 1;
    app.add_flag("--short", is_short, "a shorter day, fewer random states");
    app.add_option("--seed", seed, "of the random states");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short ? portcullis::fault::Terms{6, 1, 97, 401, seed}
                                               : portcullis::fault::Terms{24, 6, 41, 7, seed});
    } catch (const std::exception& error) {
        std::cerr << "fault_power stopped: " << error.what() << '\n';
        return 1;
    }
}
