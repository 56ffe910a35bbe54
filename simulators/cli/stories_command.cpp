#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "runtime/clock.hpp"
#include "simulators/cli/commands.hpp"
#include "simulators/cli/interrupt.hpp"
#include "simulators/cli/work_folder.hpp"
#include "simulators/run/program.hpp"
#include "simulators/story/load.hpp"
#include "tests/support/event_schema.hpp"

namespace portcullis::simulators {

namespace {

struct Options {
    std::string only;
    std::string folder = "simulators/scenarios";
    std::string daemon = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "portcullisd").string();
    double pace = 1.0;
    bool quiet = false;
    bool once = false;
    bool keep = false;
};

using Tone = run::Teller::Tone;

std::vector<story::Story> wanted_stories(const Options& options) {
    auto stories = story::load_stories(options.folder);
    if (!options.only.empty()) {
        std::erase_if(stories, [&](const story::Story& story) { return story.name != options.only; });
        if (stories.empty()) {
            throw std::runtime_error{"there is no story " + options.only + " in " + options.folder};
        }
    }
    return stories;
}

void sum_up(const run::ProgramResult& result, run::Teller& teller) {
    std::size_t passages = 0;
    for (const auto& story : result.stories) {
        passages += story.passages;
        if (!story.differences.empty()) {
            teller.remark("  " + story.name + ": " + story.differences.front(), Tone::bad);
        }
    }
    for (const auto& missing : result.without_record) {
        teller.remark("  an arm went up without a record: " + missing, Tone::bad);
    }
    const auto told = static_cast<std::int64_t>(result.stories.size());
    teller.remark("");
    teller.remark(std::to_string(told) + " stories told, " + std::to_string(told - result.different()) +
                      " ended as they should; " + std::to_string(passages) + " passages, " +
                      std::to_string(result.events) + " events at central" +
                      (result.troubles.empty() ? ", none missing, the chain holds." : "; see above."),
                  result.good() ? Tone::good : Tone::bad);
    teller.remark(std::to_string(result.arm_ups) + " times an arm was told to go up; " +
                  std::to_string(result.arm_ups - static_cast<std::int64_t>(result.without_record.size())) +
                  " times the reason was on disk before it moved. It took " +
                  std::to_string(static_cast<int>(result.seconds)) + " s.");
}

/// One round of all stories on fresh gates.
bool play(const Options& options, const std::vector<story::Story>& stories) {
    const runtime::SystemClock clock;
    const testing::EventSchemas schemas;
    WorkFolder folder;
    run::Teller teller{std::cout, options.quiet, ::isatty(STDOUT_FILENO) == 1};
    run::Program program{{.folder = folder.path(),
                          .daemon = options.daemon,
                          .sources = ".",
                          .pace = options.pace,
                          .validator = [&](std::string_view published) { return schemas.problems(published); }},
                         clock,
                         teller};
    const auto result = program.run(stories, interrupted);
    sum_up(result, teller);
    if (options.keep) {
        folder.keep();
        teller.remark("kept: " + folder.path().string());
    }
    return result.good();
}

/// Runs `work`; what it throws is told, and is exit code 2.
template <class Work>
void guarded(int& exit_code, Work work) {
    try {
        take_interrupts();
        exit_code = work() ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "portcullis-sim: " << error.what() << '\n';
        exit_code = 2;
    }
}

void add_common(CLI::App& command, const std::shared_ptr<Options>& options) {
    command.add_option("--stories", options->folder, "folder of the stories")->capture_default_str();
    command.add_option("--daemon", options->daemon, "the program portcullisd")->capture_default_str();
    command.add_option("--pace", options->pace, "how much faster vehicles and arms are than life")
        ->check(CLI::Range(0.5, 4.0))
        ->capture_default_str();
    command.add_flag("--keep", options->keep, "keep logs, settings and journals");
}

}  // namespace

void add_stories_command(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("stories", "Play every story against the real daemon, and compare its end");
    const auto options = std::make_shared<Options>();
    add_common(*command, options);
    command->add_option("--only", options->only, "the name of one story");
    command->add_flag("--quiet", options->quiet, "one line a story");
    command->callback(
        [options, &exit_code] { guarded(exit_code, [&] { return play(*options, wanted_stories(*options)); }); });
}

void add_demo_command(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("demo", "Trucks pass a simulated terminal gate until Ctrl-C");
    const auto options = std::make_shared<Options>();
    add_common(*command, options);
    command->add_flag("--once", options->once, "every story once");
    command->callback([options, &exit_code] {
        guarded(exit_code, [&] {
            const auto stories = wanted_stories(*options);
            bool good = true;
            do {
                good = play(*options, stories) && good;
            } while (!options->once && !interrupted());
            return good;
        });
    });
}

}  // namespace portcullis::simulators
