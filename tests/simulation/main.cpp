// portcullis-simulate: runs seeds and prints the figures of contracts.md 8, their traces, or a trace's hash a line.
#include <algorithm>
#include <charconv>
#include <ctime>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/simulation/simulation.hpp"

namespace {

using portcullis::simulation::Options;
using portcullis::simulation::Outcome;
using portcullis::simulation::Simulation;

/// Every so many seeds one is run a second time, and the two traces are compared.
constexpr std::uint64_t replay_every = 8;
constexpr std::int64_t passages_a_second_aim = 5000;

constexpr std::string_view usage =
    "usage: portcullis-simulate --seeds FROM..TO   run the seeds, print the figures; exit 1 when an aim is missed\n"
    "       portcullis-simulate --trace SEED       run one seed and print what happens\n"
    "       portcullis-simulate --hashes FROM..TO  run the seeds, print each one's trace hash\n";

struct Seeds {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{number} : std::nullopt;
}

/// FROM..TO
std::optional<Seeds> seeds_of(std::string_view text) {
    const auto dots = text.find("..");
    if (dots == std::string_view::npos) {
        return std::nullopt;
    }
    const auto from = number_of(text.substr(0, dots));
    const auto to = number_of(text.substr(dots + 2));
    return from && to && *from <= *to ? std::optional{Seeds{*from, *to}} : std::nullopt;
}

void print(const Outcome& outcome) {
    for (const auto& violation : outcome.violations) {
        std::cerr << "violation: seed " << outcome.seed << " step " << violation.step << " at "
                  << portcullis::mono_ms(violation.at) << " ms, invariant " << violation.invariant << ", "
                  << violation.lane << ": " << violation.what << "\n  replay: script/simulate --trace " << outcome.seed
                  << '\n';
    }
}

void figure(std::string_view name, std::int64_t value, std::string_view unit, std::string_view aim, std::int64_t n) {
    std::cout << R"({"figure":")" << name << R"(","value":)" << value << R"(,"unit":")" << unit << '"';
    if (!aim.empty()) {
        std::cout << R"(,"aim":")" << aim << '"';
    }
    std::cout << R"(,"n":)" << n << "}\n";
}

int trace(std::uint64_t seed) {
    Options options;
    options.trace = &std::cout;
    const auto outcome = Simulation{seed, options}.run();
    std::cout.flush();
    print(outcome);
    std::cerr << "seed " << seed << ": " << outcome.passages << " passages, " << outcome.lives << " processes, "
              << outcome.steps << " steps, " << outcome.violations.size() << " violations, trace " << std::hex
              << outcome.trace_hash << std::dec << '\n';
    return outcome.violations.empty() ? 0 : 1;
}

/// Another process that is given the same seeds must print the same.
int hashes(Seeds seeds) {
    for (auto seed = seeds.from; seed <= seeds.to; ++seed) {
        std::cout << seed << ' ' << std::hex << Simulation{seed}.run().trace_hash << std::dec << '\n';
    }
    return 0;
}

int sweep(Seeds seeds) {
    std::clock_t spent = 0;  // on plain runs: the audit of the second ones is no simulation
    std::int64_t passages = 0;
    std::int64_t violations = 0;
    std::int64_t replays = 0;
    std::int64_t mismatches = 0;
    std::int64_t changes = 0;
    std::int64_t missing = 0;
    std::int64_t extra = 0;
    for (auto seed = seeds.from; seed <= seeds.to; ++seed) {
        const auto began = std::clock();
        const auto outcome = Simulation{seed}.run();
        spent += std::clock() - began;
        print(outcome);
        passages += outcome.passages;
        violations += std::ssize(outcome.violations);
        if (seed % replay_every == 0) {
            Options audited;
            audited.audit = true;
            const auto again = Simulation{seed, audited}.run();
            if (outcome.violations.empty()) {
                print(again);
            }
            changes += again.audit.changes;
            missing += again.audit.missing;
            extra += again.audit.extra;
            ++replays;
            mismatches += again.trace_hash == outcome.trace_hash ? 0 : 1;
        }
    }
    // Processor time: what one core needs, whatever else the machine does.
    const auto took = static_cast<double>(spent) / CLOCKS_PER_SEC;
    const auto rate = static_cast<std::int64_t>(static_cast<double>(passages) / std::max(took, 0.001));
    const auto count = static_cast<std::int64_t>(seeds.to - seeds.from + 1);
    figure("sim.passages", passages, "passages", "", count);
    figure("sim.passages_per_second", rate, "passages/s", ">=5000", passages);
    figure("sim.violations", violations, "violations", "0", count);
    figure("sim.replay_mismatch", mismatches, "seeds", "0", replays);
    figure("sim.audit_missing", missing, "events", "0", changes);
    figure("sim.audit_extra", extra, "events", "0", changes);
    return missing == 0 && extra == 0 && violations == 0 && mismatches == 0 && rate >= passages_a_second_aim ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
    const std::span arguments{values, static_cast<std::size_t>(count)};
    const std::string_view what = count == 3 ? arguments[1] : "";
    const std::string_view which = count == 3 ? arguments[2] : "";
    if (what == "--trace") {
        if (const auto seed = number_of(which)) {
            return trace(*seed);
        }
    }
    if (const auto seeds = seeds_of(which)) {
        if (what == "--seeds") {
            return sweep(*seeds);
        }
        if (what == "--hashes") {
            return hashes(*seeds);
        }
    }
    std::cerr << usage;
    return 2;
}
