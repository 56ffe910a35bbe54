// The corpus through every target, and what a few thousand changes of it give: the form of fuzzing that needs no clang.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "target.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fuzz {

namespace {

namespace fs = std::filesystem;
using Octets = std::vector<std::uint8_t>;

std::vector<Octets> corpus_of(std::string_view target) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator("tests/fuzz/corpus/" + std::string{target})) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Octets> corpus;
    for (const auto& file : files) {
        std::ifstream in{file, std::ios::binary};
        corpus.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return corpus;
}

/// One to four small changes: a bit, a byte, a piece lost, a piece doubled, a piece of another text.
Octets changed(Octets bytes, const Octets& other, std::mt19937& random) {
    const auto below = [&random](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
    for (auto changes = 1 + below(4); changes > 0; --changes) {
        const auto at = below(bytes.size());
        const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        const auto length = static_cast<std::ptrdiff_t>(std::min<std::size_t>(below(16), bytes.size() - at));
        switch (below(6)) {
            case 0:
                if (!bytes.empty()) {
                    *here = static_cast<std::uint8_t>(*here ^ (1U << below(8)));
                }
                break;
            case 1:
                if (!bytes.empty()) {
                    *here = static_cast<std::uint8_t>(random());
                }
                break;
            case 2:
                bytes.erase(here, here + length);
                break;
            case 3: {
                const Octets piece(here, here + length);
                bytes.insert(here, piece.begin(), piece.end());
                break;
            }
            case 4: {
                const auto from = below(other.size());
                const auto piece = std::min<std::size_t>(below(24), other.size() - from);
                const auto begin = other.begin() + static_cast<std::ptrdiff_t>(from);
                bytes.insert(here, begin, begin + static_cast<std::ptrdiff_t>(piece));
                break;
            }
            default:
                bytes.resize(at);
        }
    }
    return bytes;
}

/// The input at hand, for whoever has to find out why it broke.
struct AtHand {
    std::string_view target;
    Octets bytes;
};
AtHand& at_hand() {
    static AtHand input;
    return input;
}

void tell_what_broke(int /*signal*/) {
    std::ofstream{"build/fuzz-broke", std::ios::binary}.write(reinterpret_cast<const char*>(at_hand().bytes.data()),
                                                              static_cast<std::streamsize>(at_hand().bytes.size()));
    std::cerr << at_hand().target << " broke; the input is in build/fuzz-broke\n";
    std::_Exit(1);
}

void feed(const Target& target, Octets bytes) {
    at_hand() = {target.name, std::move(bytes)};
    target.run(Input{at_hand().bytes});
}

int run(std::size_t changes) {
    std::signal(SIGABRT, tell_what_broke);
    std::signal(SIGSEGV, tell_what_broke);
    std::size_t executions = 0;
    for (const auto& target : targets()) {
        const auto corpus = corpus_of(target.name);
        if (corpus.empty()) {
            std::cerr << "tests/fuzz/corpus/" << target.name << " is empty\n";
            return 1;
        }
        std::mt19937 random{static_cast<std::mt19937::result_type>(corpus.size())};
        feed(target, {});
        for (const auto& bytes : corpus) {
            feed(target, bytes);
            for (std::size_t i = 0; i < changes; ++i) {
                feed(target, changed(bytes, corpus[random() % corpus.size()], random));
            }
            executions += changes + 1;
        }
    }
    testing::Figures figures;
    figures.print("fuzz.executions", static_cast<double>(executions), "inputs", std::nullopt, targets().size());
    // One that breaks ends this program: that it comes to here is the figure.
    figures.print("fuzz.crashes", 0, "inputs", testing::Aim::at_most(0), executions);
    return figures.exit_code();
}

}  // namespace

}  // namespace portcullis::fuzz

int main(int argc, char** argv) {
    CLI::App app{"fuzz_replay: the corpus of every parser, and changes of it"};
    std::size_t changes = 500;
    app.add_option("--changes", changes, "of each file of the corpus");
    CLI11_PARSE(app, argc, argv);
    return portcullis::fuzz::run(changes);
}
