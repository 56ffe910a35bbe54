// The built daemon, killed at its n-th call that changes the disk, of whatever thread, again and again while vehicles
// come. Central and the journal hold the same stream afterwards, and no arm went up without its committed record.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "tests/fault/daemon/killed_gate.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

struct Compared {
    std::int64_t lost = 0;        ///< of the journal, not at central
    std::int64_t duplicated = 0;  ///< at central twice, out of order or not in the journal
};

Compared compare(const testing::ThreeViews& views) {
    std::map<std::string, int> stored;
    Compared found;
    std::int64_t before = 0;
    for (const auto& event : views.central) {
        const auto sequence = testing::sequence_of(event);
        found.duplicated += sequence > before ? 0 : 1;
        before = sequence;
        ++stored[event];
    }
    for (const auto& row : views.journal) {
        found.lost += stored.erase(row.published) == 1 ? 0 : 1;
    }
    found.duplicated += static_cast<std::int64_t>(stored.size());
    return found;
}

/// Kills from the first start, which makes the files, through recoveries, into passages.
std::vector<std::int64_t> all_kinds_of_lives(std::int64_t points) {
    std::vector<std::int64_t> kill_at;
    for (std::int64_t i = 0; i < points; ++i) {
        kill_at.push_back(3 + i * 97 % 601);
    }
    return kill_at;
}

int run(const std::vector<std::int64_t>& kill_at) {
    const store::testing::TemporaryDirectory folder;
    KilledGatePlan plan;
    plan.folder = folder.path();
    plan.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    plan.kill_at = kill_at;
    const auto points = static_cast<std::int64_t>(kill_at.size());
    const runtime::SystemClock clock;
    auto gate = play_killed_gate(plan, clock);
    const auto compared = compare(gate.views);
    const central::EventSchemas schemas{"docs/events"};
    const auto wrong = testing::differences(gate.views, schemas);
    for (const auto& missing : gate.without_record) {
        std::cerr << "fault_daemon: without record: " << missing << '\n';
    }
    testing::Figures figures;
    const auto n = static_cast<std::size_t>(points);
    const auto print = [&](const std::string& name, std::size_t value, Aim aim, const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, n, reason);
    };
    const auto first = wrong.empty() ? gate.trouble : wrong.front();
    print("fault.daemon_kill_points", static_cast<std::size_t>(gate.kills), Aim::at_least(static_cast<double>(points)),
          gate.trouble);
    print("fault.daemon_not_ended", gate.trouble.empty() ? 0 : 1, Aim::at_most(0), gate.trouble);
    print("fault.daemon_lost", static_cast<std::size_t>(compared.lost), Aim::at_most(0), first);
    print("fault.daemon_duplicated", static_cast<std::size_t>(compared.duplicated), Aim::at_most(0), first);
    print("fault.daemon_chain_breaks", wrong.size(), Aim::at_most(0), first);
    print("fault.daemon_arm_ups", static_cast<std::size_t>(gate.arm_ups),
          Aim::at_least(static_cast<double>(points) / 2), "too few arms went up to prove anything of them");
    print("fault.daemon_opened_without_record", gate.without_record.size(), Aim::at_most(0),
          "an arm went up without its record");
    // Negative controls: an arm that goes up too late, and what central has of the stream is changed.
    print("fault.daemon_late_arm_found", gate.late_found, Aim::at_least(1),
          "an arm that goes up a minute after its command is not seen");
    auto& central = gate.views.central;
    const auto middle = central.begin() + static_cast<std::ptrdiff_t>(central.size() / 2);
    auto changed = gate.views;
    changed.central.insert(changed.central.begin() + (middle - central.begin()), *middle);
    print("fault.daemon_duplicated_when_one_comes_twice", static_cast<std::size_t>(compare(changed).duplicated),
          Aim::at_least(1), "an event that is there twice is not seen");
    changed = gate.views;
    std::swap(changed.journal[changed.journal.size() / 2], changed.journal[changed.journal.size() / 2 + 1]);
    print("fault.daemon_chain_breaks_when_two_are_swapped", testing::differences(changed, schemas).size(),
          Aim::at_least(1), "entries in another order are not seen");
    central.erase(middle);
    print("fault.daemon_lost_when_one_is_missing", static_cast<std::size_t>(compare(gate.views).lost), Aim::at_least(1),
          "a missing event is not seen");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_daemon: the built daemon, killed while vehicles come"};
    bool is_short = false;
    std::vector<std::int64_t> kill_at;
    app.add_flag("--short", is_short, "fewer kills");
    app.add_option("--kill-at", kill_at, "of each life, the call that it ends at")->excludes("--short");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(kill_at.empty() ? portcullis::fault::all_kinds_of_lives(is_short ? 12 : 150)
                                                      : kill_at);
    } catch (const std::exception& error) {
        std::cerr << "fault_daemon stopped: " << error.what() << '\n';
        return 1;
    }
}
