#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/journal/export_verifier.hpp"
#include "tests/fault/tampers/cases.hpp"

namespace portcullis::fault {

/// `portcullis journal verify`, the same code. Lines before the first changed one are checked once.
class OwnJudge {
public:
    explicit OwnJudge(const codec::EventWriter& writer) : writer_(writer) {}

    /// What it finds wrong; empty = good.
    [[nodiscard]] std::string judge(const Case& one);

private:
    struct Begun {
        std::string text;
        std::vector<std::size_t> offsets;         ///< of each line
        std::vector<cli::ExportVerifier> before;  ///< as it is before each line, while the lines are good
    };
    [[nodiscard]] const Begun& begun(const Base& base, bool with_heads);

    const codec::EventWriter& writer_;
    std::map<std::pair<const Base*, bool>, Begun> begun_;
};

/// docs/central/verify.py, in one Python process for all cases.
class IndependentJudge {
public:
    explicit IndependentJudge(std::filesystem::path folder);

    void take(const Case& one);
    /// For each case in order what it finds wrong; empty = good. Throws when it could not judge them.
    [[nodiscard]] std::vector<std::string> judge();

private:
    std::size_t number_of(const Base& base);

    std::filesystem::path folder_;
    std::ofstream cases_;
    std::vector<const Base*> bases_;
};

}  // namespace portcullis::fault
