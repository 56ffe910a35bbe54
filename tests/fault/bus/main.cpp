// Modbus units that lie, stay silent, answer late or twice: no wrong value is taken, and no call outlasts its time.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

#include "tests/fault/bus/bounded_calls.hpp"
#include "tests/fault/bus/check_residue.hpp"
#include "tests/fault/bus/hostile_line.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;
using testing::Figures;

constexpr double most_over_ms = 10;
constexpr double expected_residue_ppm = 1e6 / 65'536;

struct Form {
    int lines;
    std::int64_t questions_a_line;
    std::int64_t honest_questions;
    std::int64_t bare_questions;
    std::int64_t random_frames;
    int rounds;
};
constexpr Form long_form{32, 31'250, 20'000, 5'000, 20'000'000, 15};
constexpr Form short_form{8, 1'500, 1'000, 500, 2'000'000, 3};

double ms_of(std::chrono::nanoseconds value) {
    return std::chrono::duration<double, std::milli>{value}.count();
}

void print_values(Figures& figures, const Form& form) {
    const auto count = on_lines(
        form.lines, [&form](std::uint32_t seed) { return ask_through_link(seed, form.questions_a_line, false); });
    const auto asked = static_cast<std::size_t>(count.asked);
    figures.print("bus.frames", static_cast<double>(count.asked), "questions",
                  Aim::at_least(static_cast<double>(form.lines * form.questions_a_line)), asked, "lines ended early");
    figures.print("bus.wrong_value_accepted", static_cast<double>(count.wrong), "values", Aim::at_most(0), asked,
                  "an answer of another unit or question was taken for the right one");
    figures.print("bus.right_permille", 1000.0 * static_cast<double>(count.right) / static_cast<double>(asked),
                  "permille", Aim::at_least(300), asked, "the line is too hostile to prove anything");
    figures.print("bus.frames_refused", static_cast<double>(count.refused_frames), "frames",
                  Aim::at_least(static_cast<double>(asked) / 10), asked, "the line is not hostile");
    // Nothing is lost on a good line.
    const auto honest = ask_through_link(1, form.honest_questions, true);
    figures.print("bus.honest_unanswered", static_cast<double>(honest.asked - honest.right), "questions",
                  Aim::at_most(static_cast<double>(honest.asked) / 100), static_cast<std::size_t>(honest.asked),
                  "an honest unit's answers are refused, or this machine is too busy to give them in time");
    // Negative control: the same lines through libmodbus as it comes.
    const auto bare =
        on_lines(4, [&form](std::uint32_t seed) { return ask_through_libmodbus(seed, form.bare_questions); });
    const auto bare_asked = static_cast<std::size_t>(bare.asked);
    figures.print("bus.wrong_value_accepted_by_libmodbus", static_cast<double>(bare.wrong), "values", Aim::at_least(1),
                  bare_asked, "the lines do not give what libmodbus takes wrongly");
    figures.print("bus.libmodbus_call_over_deadline_ms", ms_of(bare.longest - hostile_timeout), "ms",
                  Aim::at_least(most_over_ms), bare_asked, "the lines do not hold libmodbus beyond its time-out");
}

void print_calls(Figures& figures, const Form& form) {
    const auto over = measure_calls(form.rounds, std::chrono::milliseconds{static_cast<int>(most_over_ms)});
    CallsOver::Over worst;
    std::string where;
    for (const auto& [name, value] : over.by_peer) {
        std::cerr << "fault_bus: " << name << ": " << ms_of(value.most) << " ms over, plain sleeps "
                  << ms_of(value.machine) << " ms\n";
        if (value.most > worst.most) {
            worst = value;
            where = name;
        }
    }
    figures.print("bus.max_call_over_deadline_ms", ms_of(worst.most), "ms", Aim::at_most(most_over_ms), over.calls,
                  where + "; plain sleeps went " + std::to_string(ms_of(worst.machine)) + " ms over meanwhile");
}

void print_residue(Figures& figures, const Form& form) {
    const auto accepted = accepted_by_chance(7, form.random_frames);
    const auto frames = static_cast<std::size_t>(form.random_frames);
    const auto ppm = 1e6 * static_cast<double>(accepted) / static_cast<double>(frames);
    figures.print("bus.crc16_residue_expected_ppm", expected_residue_ppm, "ppm", {}, frames);
    figures.print("bus.crc16_residue_ppm", ppm, "ppm", Aim::at_most(2 * expected_residue_ppm), frames,
                  "more random frames pass than the check lets through");
    figures.print("bus.crc16_residue_least_ppm", ppm, "ppm", Aim::at_least(expected_residue_ppm / 2), frames,
                  "random frames are refused before the check: the residue is not measured");
}

int run(bool is_short) {
    const auto& form = is_short ? short_form : long_form;
    Figures figures;
    print_residue(figures, form);
    print_calls(figures, form);
    print_values(figures, form);
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_bus: Modbus units that lie, stay silent, answer late or twice"};
    bool is_short = false;
    app.add_flag("--short", is_short, "some thousand questions instead of a million");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_bus stopped: " << error.what() << '\n';
        return 1;
    }
}
