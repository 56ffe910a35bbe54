// A broker that sends what no broker may: the daemon lives, answers, lets vehicles through, and its next good session
// works.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/fault/hostile/hostile_bench.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

constexpr int poisoned_starts = 5;
/// Resident memory at most, against what a gate needs that nobody attacks: an 8 MB payload is there several times while
/// it is looked at.
constexpr double most_memory_ratio = 4;

std::vector<std::string> topics_down(const std::string& prefix) {
    return {prefix + "/order",          prefix + "/ack",
            prefix + "/replay",         prefix + "/command",
            prefix + "/document/root",  prefix + "/document/timestamp",
            prefix + "/document/other", prefix + "/document/ruleset"};
}

HostileCase flood_of(const std::vector<HostileCase>& cases) {
    auto flood = *std::ranges::find(cases, flood_name, &HostileCase::name);
    flood.repeats = 1'000'000;  // more than any gate takes while vehicles come
    return flood;
}

void print_flood(testing::Figures& figures, const FloodCount& flood, bool is_short) {
    const auto vehicles = static_cast<std::size_t>(flood.served + flood.missed);
    figures.print("uplink.flood_mb", static_cast<double>(flood.flood_mb), "MB", Aim::at_least(1), 1,
                  "there was no flood");
    figures.print("uplink.flood_vehicles_served", static_cast<double>(flood.served), "vehicles",
                  Aim::at_least(is_short ? 8 : 40), vehicles, "too few vehicles came to prove anything of them");
    figures.print("uplink.flood_decisions_missed", static_cast<double>(flood.missed), "vehicles", Aim::at_most(0),
                  vehicles, "a released vehicle waited in vain while the broker flooded the gate");
}

int run(bool is_short) {
    HostileBench bench;
    std::size_t cases = 0;
    const auto all = hostile_cases(bench.prefix());
    for (const auto& hostile : all) {
        if (!is_short || hostile.in_short) {
            bench.run(hostile);
            ++cases;
        }
    }
    bench.poison(topics_down(bench.prefix()), poisoned_starts);
    const auto flood = bench.vehicles_in(flood_of(all), is_short ? 12s : 60s);
    testing::Figures figures;
    const auto least = is_short ? 10.0 : 60.0;
    figures.print("uplink.hostile_cases", static_cast<double>(cases), "cases", Aim::at_least(least), cases,
                  "fewer cases than there were");
    figures.print("uplink.hostile_crashes", static_cast<double>(bench.crashes), "crashes", Aim::at_most(0), cases,
                  "the daemon ended: stderr says at which case");
    figures.print("uplink.hostile_stuck", static_cast<double>(bench.stuck), "cases", Aim::at_most(0), cases,
                  "no good session came after a hostile one: stderr says after which");
    figures.print("uplink.hostile_rss_growth_kib", static_cast<double>(bench.resident_most - bench.resident_first),
                  "KiB", Aim::at_most(131'072), cases, "the daemon keeps what a hostile broker sent");
    figures.print("uplink.hostile_rss_ratio",
                  static_cast<double>(bench.resident_most) / static_cast<double>(bench.resident_first), "ratio",
                  Aim::at_most(most_memory_ratio), cases, "the daemon keeps what a hostile broker sent");
    figures.print("uplink.poisoned_starts", static_cast<double>(bench.poisoned_starts), "starts",
                  Aim::at_least(poisoned_starts), 1, "fewer starts than there were to be");
    print_flood(figures, flood, is_short);
    figures.print("uplink.hostile_decisions_missed", static_cast<double>(bench.missed), "answers", Aim::at_most(0),
                  static_cast<std::size_t>(bench.asked), "the deciding thread was late by more than a second");
    // Negative controls: what is broken on purpose is counted.
    const auto crashes = bench.crashes;
    const auto stuck = bench.stuck;
    const auto missed = bench.missed;
    const auto broken = bench.break_on_purpose();
    figures.print("uplink.hostile_crashes_on_purpose", static_cast<double>(bench.crashes - crashes), "crashes",
                  Aim::at_least(1), 1, "a killed daemon is not counted");
    figures.print("uplink.hostile_stuck_on_purpose", static_cast<double>(bench.stuck - stuck), "cases",
                  Aim::at_least(1), 1, "a broker that never comes back is not counted");
    figures.print("uplink.hostile_decisions_missed_on_purpose", static_cast<double>(bench.missed - missed), "answers",
                  Aim::at_least(1), 1, "a daemon that does not answer is not counted");
    figures.print("uplink.flood_decisions_missed_on_purpose", static_cast<double>(broken.missed), "vehicles",
                  Aim::at_least(1), 1, "a vehicle before a daemon that stands still is not counted");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_hostile: a broker that sends what no broker may"};
    bool is_short = false;
    app.add_flag("--short", is_short, "one case of each kind");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_hostile stopped: " << error.what() << '\n';
        return 1;
    }
}
