// A ruleset takes effect in one transaction (design: one verdict, one ruleset). Some rulesets act at once, one waits
// for its time, passages are open meanwhile; every state in which a kill or a power cut could leave the state directory
// is opened as the next start does it, and what acts, what the journal tells and what the floors forbid must fit
// together.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "tests/fault/activation/played_gate.hpp"
#include "tests/fault/small/file_images.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/sodium.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using portcullis::testing::Aim;

/// What acts is told as soon as it does.
void tell(const PlayedGate& gate, const TellFileWord& told) {
    told({FileWord::Told::durable, {}, gate.acting()});
}

/// A start, and some rulesets while vehicles pass.
void live(const std::filesystem::path& state, Activation activation, std::int64_t first, int rulesets,
          const TellFileWord& told) {
    PlayedGate gate{state, activation};
    gate.begin();
    auto version = first;
    auto passage = static_cast<std::uint8_t>(first * 8);
    for (int i = 0; i < rulesets; ++i) {
        gate.take(version++);
        tell(gate, told);
        gate.judge(passage);
        gate.take(version++, gate.now().wall + 1h);
        gate.judge(++passage);
        gate.pass_time(1h);
        gate.tick({passage});
        tell(gate, told);
        gate.judge(passage);  // open since before the switch
        gate.judge(++passage);
        gate.tick({});
        ++passage;
    }
}

struct Count {
    std::size_t states = 0;
    std::int64_t mixed = 0;
    std::int64_t lost = 0;     ///< a ruleset that was told to act
    std::int64_t refused = 0;  ///< a start that does not come to its end, or sets the journal aside
    std::string first_mixed;
    std::string first_other;
};

class Laboratory {
public:
    Laboratory(Activation activation, int lives, int rulesets) {
        const store::testing::TemporaryDirectory directory;
        trace_ = trace_files(directory.path(), [&](const TellFileWord& told) {
            for (int life = 0; life < lives; ++life) {
                live(directory.path(), activation, 1 + life * rulesets * 2, rulesets, told);
            }
        });
    }

    [[nodiscard]] Count cut(int random, std::uint32_t seed) const {
        Count count;
        const store::testing::TemporaryDirectory directory;
        FileImages images{random, seed};
        images.each(trace_.operations, [&](std::size_t point, const FilesImage& image) {
            image.lay_out(directory.path());
            ++count.states;
            look(directory.path(), point, count);
        });
        return count;
    }
    [[nodiscard]] std::size_t points() const { return trace_.operations.size() + 1; }

private:
    void look(const std::filesystem::path& state, std::size_t operations, Count& count) const {
        try {
            PlayedGate gate{state, Activation::whole};
            if (gate.set_aside()) {
                throw std::runtime_error{"the journal was set aside"};
            }
            if (const auto mixed = gate.mixture()) {
                ++count.mixed;
                count.first_mixed = count.first_mixed.empty() ? *mixed : count.first_mixed;
            }
            for (const auto& [word, told_at] : trace_.words) {
                if (told_at <= operations && word.number > gate.acting()) {
                    ++count.lost;
                    count.first_other = "ruleset " + std::to_string(word.number) + " acted, and does not any more";
                    break;
                }
            }
        } catch (const std::exception& error) {
            ++count.refused;
            count.first_other = error.what();
        }
    }

    FilesTrace trace_;
};

int run(bool is_short, std::uint32_t seed) {
    use_memory_for_temporary_files();
    const trust::Sodium sodium;
    const int random = is_short ? 1 : 8;
    const Laboratory laboratory{Activation::whole, 2, is_short ? 1 : 4};
    const auto count = laboratory.cut(random, seed);
    testing::Figures figures;
    const auto print = [&](const std::string& name, std::int64_t value, Aim aim, const Count& of,
                           const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, of.states, reason);
    };
    print("fault.activation_states", static_cast<std::int64_t>(count.states),
          Aim::at_least(2 * static_cast<double>(laboratory.points())), count, "the trace is too thin");
    print("fault.activation_mixed_ruleset", count.mixed, Aim::at_most(0), count, count.first_mixed);
    print("fault.activation_lost", count.lost, Aim::at_most(0), count, count.first_other);
    print("fault.activation_refused", count.refused, Aim::at_most(0), count, count.first_other);
    std::cerr << "states=" << count.states << " mixed_ruleset=" << count.mixed << "\n";
    // Negative control: the same in two transactions.
    const auto torn = Laboratory{Activation::torn, 2, 1}.cut(random, seed);
    print("fault.activation_mixed_when_torn", torn.mixed, Aim::at_least(1), torn,
          "a document whose events came in a transaction of their own was always whole: the cuts do nothing");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_activation: every state in which a cut can leave a gate that takes a ruleset"};
    bool is_short = false;
    std::uint32_t seed = 1;
    app.add_flag("--short", is_short, "fewer rulesets, fewer random states");
    app.add_option("--seed", seed, "of the random states");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short, seed);
    } catch (const std::exception& error) {
        std::cerr << "fault_activation stopped: " << error.what() << '\n';
        return 1;
    }
}
