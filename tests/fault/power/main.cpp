// Power loss by replay: a scripted day of the real journal and order cache on a disk that notes what it is asked, and
// after it every state in which a cut at any point could leave that disk. Each is opened as the next start does it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "tests/fault/power/crash_images.hpp"
#include "tests/fault/support/doctored.hpp"
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

    /// Cuts while a journal of schema 1 is brought up to this version's. `forgetful`: as if the migration lost an
    /// entry.
    [[nodiscard]] Count cut_migration(bool forgetful = false) {
        MemoryDisk::load(after_);
        doctor().age_the_journal(forgetful);
        Count count;
        recover(MemoryDisk::image(), told_before(operations_.size()), count);
        return count;
    }

    /// What the proof says of the day's end when `change` was done to it.
    [[nodiscard]] Broken changed(void (Doctor::*change)() const) {
        MemoryDisk::load(after_);
        (doctor().*change)();
        return proof_.look(directory_->path(), MemoryDisk::name(), told_before(operations_.size()));
    }

    struct Bytes {
        std::size_t damaged = 0;
        std::size_t recognised = 0;
        std::size_t harmless = 0;
        std::size_t cut_short = 0;  ///< the log ends before the damage: what follows it is gone, the rest is whole
        std::size_t unseen = 0;     ///< an entry is another one, and all says that it is well
    };
    /// `with_end`: the file that knows how far the journal was written is there, as it is beside a gate.
    [[nodiscard]] Bytes damage_bytes(bool with_end) {
        Bytes bytes;
        const auto words = told_before(operations_.size());
        auto whole = after_;
        if (!with_end) {
            std::erase_if(whole, [](const auto& file) { return file.first.ends_with("/end"); });
        }
        for (const auto& [file, content] : whole) {
            if (file.find("/orders.") != std::string::npos) {
                continue;
            }
            for (std::size_t at = 0; at < content.size(); at += terms_.byte_stride) {
                auto image = whole;
                image[file][at] = static_cast<char>(image[file][at] ^ 0x41);
                MemoryDisk::load(std::move(image));
                MemoryDisk::note(false);
                judge(proof_.look(directory_->path(), MemoryDisk::name(), words), file, bytes);
            }
        }
        return bytes;
    }
    /// An entry that somebody changed who hashed it anew.
    [[nodiscard]] Bytes forge() {
        Bytes bytes;
        judge(changed(&Doctor::forge_the_newest_entry), "journal.db", bytes);
        return bytes;
    }

    [[nodiscard]] std::size_t cut_points() const { return operations_.size() + 1; }

private:
    static void judge(const Broken& broken, const std::string& file, Bytes& bytes) {
        ++bytes.damaged;
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

    [[nodiscard]] Doctor doctor() const { return {directory_->path(), MemoryDisk::name()}; }

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
    const auto bytes = laboratory.damage_bytes(true);
    print("fault.corrupt_bytes", static_cast<std::int64_t>(bytes.damaged), Aim::at_least(1), bytes.damaged, "none");
    print("fault.corrupt_unseen", static_cast<std::int64_t>(bytes.unseen), Aim::at_most(0), bytes.damaged,
          "an entry was changed and nothing noticed");
    print("fault.corrupt_recognised", static_cast<std::int64_t>(bytes.recognised), Aim::at_least(1), bytes.damaged,
          "no damage was recognised: it is none");
    print("fault.corrupt_log_cut_short", static_cast<std::int64_t>(bytes.cut_short), Aim::at_most(0), bytes.damaged,
          "the log was cut short and nothing noticed");
    // Negative controls: journals that are broken on purpose, what NORMAL loses, and an arm that does not wait.
    const auto blind = laboratory.damage_bytes(false);
    print("fault.corrupt_log_cut_short_without_end", static_cast<std::int64_t>(blind.cut_short), Aim::at_least(1),
          blind.damaged, "nothing knew the journal's end, and no damage went unseen: it is none");
    print("fault.corrupt_unseen_when_forged", static_cast<std::int64_t>(laboratory.forge().unseen), Aim::at_least(1), 1,
          "an entry that was hashed anew was not found to be another one");
    print("fault.power_corrupt_when_one_is_removed", laboratory.changed(&Doctor::remove_an_entry).gaps,
          Aim::at_least(1), 1, "an entry was removed and nothing noticed");
    print("fault.power_orders_mixed_when_half_a_batch_comes",
          laboratory.changed(&Doctor::mix_two_batches).mixed_batches, Aim::at_least(1), 1,
          "orders of two batches were there and nothing noticed");
    const auto forgetful = laboratory.cut_migration(true);
    print("fault.power_migration_broken_when_it_forgets", forgetful.broken.none() ? 0 : 1, Aim::at_least(1),
          forgetful.states, "a migration lost an entry and nothing noticed");
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
