// A disk that fails at the n-th thing asked of it, for every n, once or for good, with an I/O error or without room:
// what was acknowledged is there afterwards, no arm went up without its record, and without room nothing is lost.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "runtime/clock.hpp"
#include "tests/fault/support/doctored.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/fault/support/proof.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

constexpr auto longest_day = 10s;
/// Operations of a start: within so many, a fault during the recovery strikes before the recovery is over.
constexpr std::int64_t start_operations = 60;

struct Count {
    std::int64_t faults = 0;
    std::int64_t hangs = 0;
    std::int64_t full_not_resumed = 0;
    Broken broken;
};

/// What lasts when the kernel drops what a failed sync did not write.
DiskImage synced_image(const std::vector<DiskOperation>& operations) {
    DiskImage image;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].kind != DiskOperation::Kind::sync) {
            continue;
        }
        const auto& file = operations[i].file;
        image.erase(file);
        for (std::size_t before = 0; before < i; ++before) {
            if (operations[before].file == file) {
                put(operations[before], image);
            }
        }
    }
    return image;
}

/// What is done to the sweep itself, for the controls: the proof and the counts must find it.
enum class Sabotage : std::uint8_t {
    none,
    hasty,         ///< the arm goes up before its commit
    stays_full,    ///< nobody makes room
    time_passes,   ///< a full disk holds the day up for longer than it may last
    entry_removed  ///< from the journal, afterwards
};

class Laboratory {
public:
    explicit Laboratory(int passages) : passages_(passages) { MemoryDisk::name(); }

    /// The fault at each operation of a day until one is whole.
    Count sweep(DiskAnswer answer, bool for_good) {
        Count count;
        for (std::int64_t nth = 1; strike(answer, for_good, nth, Sabotage::none, count); ++nth) {
        }
        return count;
    }

    /// The fault at some operations of a day, sabotaged.
    Count control(DiskAnswer answer, Sabotage sabotage) {
        Count count;
        for (std::int64_t nth = 1; strike(answer, true, nth, sabotage, count); nth += control_step) {
        }
        return count;
    }

private:
    static constexpr std::int64_t control_step = 5;

    /// A day with the fault at its `nth` operation; false when it was over before.
    bool strike(DiskAnswer answer, bool for_good, std::int64_t nth, Sabotage sabotage, Count& count) {
        const store::testing::TemporaryDirectory directory;
        words_.clear();
        MemoryDisk::load({});
        MemoryDisk::fail(answer, nth, for_good);
        const auto began = clock_.now().instant;
        waited_ = {};
        const auto end = play(directory.path(), {1, passages_, sabotage});
        count.hangs += clock_.now().instant + waited_ - began > longest_day ? 1 : 0;
        if (!MemoryDisk::has_failed()) {
            if (end != DayEnd::ordered) {
                throw std::runtime_error{"a day without a fault did not end in order: " + why_};
            }
            return false;
        }
        ++count.faults;
        if (answer == DiskAnswer::full && end == DayEnd::stopped) {
            ++count.full_not_resumed;
            count.broken.first = count.broken.first.empty() ? why_ : count.broken.first;
        }
        if (sabotage == Sabotage::entry_removed && end != DayEnd::not_opened) {
            MemoryDisk::heal();
            Doctor{directory.path(), MemoryDisk::name()}.remove_an_entry();
        }
        look_after(directory.path(), nth, count);
        return true;
    }

    struct Life {
        std::uint8_t number;
        int passages;
        Sabotage sabotage = Sabotage::none;
    };

    DayEnd play(const std::filesystem::path& directory, const Life& life) {
        DayPlan plan;
        plan.directory = directory;
        plan.file_system = MemoryDisk::name();
        plan.life = life.number;
        plan.passages = life.passages;
        plan.hasty = life.sabotage == Sabotage::hasty;
        plan.tell = [this](const Word& word) { words_.push_back(word); };
        plan.still_full = [this, sabotage = life.sabotage] {
            if (sabotage != Sabotage::stays_full) {
                MemoryDisk::heal();
            }
            waited_ += sabotage == Sabotage::time_passes ? 2 * longest_day : 0s;
        };
        Day day{plan};
        const auto end = day.run();
        why_ = day.why();
        return end;
    }

    void look_after(const std::filesystem::path& directory, std::int64_t nth, Count& count) {
        const auto left = MemoryDisk::image();
        MemoryDisk::load(synced_image(MemoryDisk::operations()));
        count.broken += proof_.look(directory, MemoryDisk::name(), words_);
        // The disk fails again while the next start reads what is there, and the one after that must find it whole.
        MemoryDisk::load(left);
        MemoryDisk::fail(DiskAnswer::input_output, 1 + nth * 7 % start_operations, nth % 2 == 0);
        static_cast<void>(play(directory, {2, 1}));
        const auto left_again = MemoryDisk::image();
        MemoryDisk::load(left_again);
        count.broken += proof_.look(directory, MemoryDisk::name(), words_);
    }

    int passages_;
    runtime::SystemClock clock_;
    Proof proof_;
    std::vector<Word> words_;
    std::string why_;
    std::chrono::seconds waited_{0};  ///< of a time that only the control's days know
};

int run(bool is_short) {
    use_memory_for_temporary_files();
    Laboratory laboratory{is_short ? 4 : 12};
    Count all;
    for (const auto answer : {DiskAnswer::input_output, DiskAnswer::full}) {
        for (const bool for_good : {false, true}) {
            const auto count = laboratory.sweep(answer, for_good);
            all.faults += count.faults;
            all.hangs += count.hangs;
            all.full_not_resumed += count.full_not_resumed;
            all.broken += count.broken;
            std::cerr << "fault_disk: " << (answer == DiskAnswer::full ? "ENOSPC" : "EIO") << ' '
                      << (for_good ? "for good" : "once") << " at each of " << count.faults << " operations\n";
        }
    }
    const auto n = static_cast<std::size_t>(all.faults);
    testing::Figures figures;
    const auto print = [&](const std::string& name, std::int64_t value, std::optional<Aim> aim,
                           const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, n, reason);
    };
    const auto& broken = all.broken;
    print("fault.io_faults", all.faults, {}, {});
    print("fault.io_acked_missing", broken.lost + broken.disordered, Aim::at_most(0), broken.first);
    print("fault.io_corrupt", broken.corrupt + broken.gaps + broken.mixed_batches, Aim::at_most(0), broken.first);
    print("fault.io_opened_without_record", broken.opened, Aim::at_most(0), broken.first);
    print("fault.io_full_not_resumed", all.full_not_resumed, Aim::at_most(0), broken.first);
    print("fault.io_hangs", all.hangs, Aim::at_most(0), "a day took longer than ten seconds");
    // Negative controls.
    const auto hasty = laboratory.control(DiskAnswer::input_output, Sabotage::hasty);
    print("fault.io_opened_when_hasty", hasty.broken.opened, Aim::at_least(1),
          "an arm that goes up before its commit was not found out");
    const auto removed = laboratory.control(DiskAnswer::full, Sabotage::entry_removed);
    print("fault.io_corrupt_when_one_is_removed", removed.broken.gaps, Aim::at_least(1),
          "an entry was removed and nothing noticed");
    const auto stays_full = laboratory.control(DiskAnswer::full, Sabotage::stays_full);
    print("fault.io_full_not_resumed_without_room", stays_full.full_not_resumed, Aim::at_least(1),
          "a disk that stays full was said to have room");
    const auto slow = laboratory.control(DiskAnswer::full, Sabotage::time_passes);
    print("fault.io_hangs_when_time_passes", slow.hangs, Aim::at_least(1), "a day of twenty seconds was not noticed");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_disk: the n-th operation fails, for every n"};
    bool is_short = false;
    app.add_flag("--short", is_short, "a shorter day");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_disk stopped: " << error.what() << '\n';
        return 1;
    }
}
