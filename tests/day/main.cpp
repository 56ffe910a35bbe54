// portcullis-day: two hundred mixed trucks by a real ruleset; prints what came of them as the figures of
// contracts.md 8.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <optional>

#include "tests/day/day.hpp"
#include "tests/support/figures.hpp"

namespace {

using portcullis::simulation::Break;
using portcullis::simulation::DayResult;
using portcullis::simulation::run_day;
using portcullis::testing::Aim;
using portcullis::testing::Figures;

void print(const DayResult& day, Figures& figures) {
    const auto n = static_cast<std::size_t>(day.vehicles);
    const auto count = [&](const char* name, std::int64_t value, const char* unit, std::optional<Aim> aim,
                           const char* reason = "") {
        figures.print(std::string{"coverage.day_"} + name, static_cast<double>(value), unit, aim, n, reason);
    };
    count("vehicles", day.vehicles, "vehicles", Aim::at_least(portcullis::simulation::trucks_a_day),
          "not every truck had a passage");
    count("without_outcome", day.without_outcome, "vehicles", Aim::at_most(0), "a passage did not end exactly once");
    count("stuck", day.stuck, "vehicles", Aim::at_most(0), "held although its papers deserve to pass");
    count("unexpected", day.unexpected, "vehicles", Aim::at_most(0), "judged otherwise than its papers deserve");
    count("sheets", day.sheets, "sheets", Aim::at_least(20), "the day has fewer hours than a day");
    count("sheets_wrong", day.sheets_wrong, "sheets", Aim::at_most(0), "a sheet does not add up");
    count("not_on_a_sheet", day.vehicles - day.on_sheets, "vehicles", Aim::at_most(0), "vehicles are on no sheet");
    count("boxes", day.boxes, "boxes", std::nullopt);
    count("matched", day.matched, "boxes", std::nullopt);
    count("unmatched", day.unmatched, "boxes", std::nullopt);
    count("no_order_needed", day.no_order_needed, "boxes", std::nullopt);
    count("violations", day.violations, "violations", Aim::at_most(0), "an invariant of the lanes does not hold");
    const auto hits = static_cast<double>(std::max<std::int64_t>(day.targeting_hits, 1));
    figures.print("orders.near_share", static_cast<double>(day.near_hits) / hits, "ratio", std::nullopt,
                  static_cast<std::size_t>(day.targeting_hits));
}

/// Each thing that is broken on purpose must show.
void print_controls(std::uint64_t seed, const portcullis::Ruleset& ruleset, Figures& figures) {
    const auto seen = [&](const char* name, std::int64_t value) {
        figures.print(std::string{"coverage.day_"} + name, static_cast<double>(value), "found", Aim::at_least(1), 1,
                      "what is broken on purpose is not seen");
    };
    seen("without_outcome_when_an_end_is_lost", run_day(seed, ruleset, Break::an_end_is_lost).without_outcome);
    const auto uncounted = run_day(seed, ruleset, Break::an_entry_is_uncounted);
    seen("not_on_a_sheet_when_one_is_left_out", uncounted.vehicles - uncounted.on_sheets);
    seen("stuck_when_a_policy_row_is_missing", run_day(seed, ruleset, Break::a_policy_row).stuck);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"portcullis-day: a day of 200 mixed trucks, judged by a ruleset, and its coverage sheets"};
    std::string file = "config/rulesets/example.yaml";
    std::string events;
    std::uint64_t seed = 1;
    app.add_option("--ruleset", file, "YAML of the ruleset")->capture_default_str();
    app.add_option("--events", events, "write every event here, one a line");
    app.add_option("--seed", seed, "in which order they come")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        const auto ruleset = portcullis::simulation::ruleset_of(file);
        std::optional<std::ofstream> out;
        if (!events.empty()) {
            out.emplace(events, std::ios::binary);
        }
        Figures figures;
        print(run_day(seed, ruleset, Break::nothing, out ? &*out : nullptr), figures);
        if (out && !out->flush()) {
            throw std::runtime_error{events + " cannot be written"};
        }
        print_controls(seed, ruleset, figures);
        return figures.exit_code();
    } catch (const std::exception& error) {
        std::cerr << "portcullis-day: " << error.what() << '\n';
        return 1;
    }
}
