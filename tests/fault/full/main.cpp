// A disk that is full for a while under the built daemon: lanes go out of service, no arm goes up, nothing is lost, and
// all goes on by itself when there is room.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <iostream>
#include <system_error>

#include "tests/fault/full/full_day.hpp"
#include "tests/fault/full/small_disk.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

double number(std::int64_t value) {
    return static_cast<double>(value);
}

void tell(const FullDay& day) {
    if (!day.trouble.empty()) {
        std::cerr << "fault_full: " << day.trouble << '\n';
    }
    for (const auto& missing : day.without_record) {
        std::cerr << "fault_full: without record: " << missing << '\n';
    }
}

int run(bool short_form) {
    const runtime::SystemClock clock;
    const auto daemon = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "portcullisd";
    const store::testing::TemporaryDirectory folder;
    FullDayPlan plan{folder.path() / "day", daemon, short_form ? 24U : 240U,
                     std::chrono::seconds{short_form ? 10 : 600}};
    const auto day = play_full_day(plan, clock);
    tell(day);
    FullDayPlan stays{folder.path() / "stays", daemon, 12, std::chrono::seconds{3}, true};
    const auto control = play_full_day(stays, clock);

    testing::Figures figures;
    const auto passages = plan.passages;
    figures.print("fault.full_events_before", number(day.events_before), "events", std::nullopt, passages);
    figures.print("fault.full_went_full", day.went_full ? 1 : 0, "outages", Aim::at_least(1), 1,
                  "the disk was not seen to be full: the day proves nothing");
    figures.print("fault.full_refused", number(day.detections), "vehicles", std::nullopt, passages);
    figures.print("fault.full_arm_ups_while_full", number(day.ups_while_full), "writes", Aim::at_most(0), passages);
    const bool whole = day.chain_ok && day.closed;
    figures.print("fault.full_lost", number(day.gaps) + (whole ? 0 : 1), "events", Aim::at_most(0),
                  static_cast<std::size_t>(day.events), whole ? "" : "the chain or the end of the stream is missing");
    figures.print("fault.full_resumed", day.resumed ? 1 : 0, "outages", Aim::at_least(1), 1, day.trouble);
    figures.print("fault.full_arm_ups_after", number(day.ups_after), "writes", Aim::at_least(1), passages);
    figures.print("fault.full_opened_without_record", number(static_cast<std::int64_t>(day.without_record.size())),
                  "writes", Aim::at_most(0), static_cast<std::size_t>(day.arm_ups));
    figures.print("fault.full_resumed_without_room", control.resumed ? 1 : 0, "outages", Aim::at_most(0), 1,
                  "a disk that stays full is said to have room again");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_full: the built daemon on a disk that is full for a while; figures, one a line"};
    bool short_form = false;
    app.add_flag("--short", short_form, "ten seconds instead of ten minutes, fewer vehicles");
    CLI11_PARSE(app, argc, argv);
    try {
        portcullis::fault::take_own_mounts();
        return portcullis::fault::run(short_form);
    } catch (const std::system_error& error) {
        std::cerr << "fault_full: " << error.what() << '\n';
        if (error.code() == std::error_code{EPERM, std::generic_category()}) {
            std::cerr << "fault_full: this machine lets nobody mount a tmpfs; nothing was proved\n";
            return 77;  // skipped, as ctest is told
        }
        return 2;
    }
}
