#include "tests/fault/tampers/judges.hpp"

#include <algorithm>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "core/hash256.hpp"
#include "simulators/rig/child_process.hpp"

namespace portcullis::fault {

const OwnJudge::Begun& OwnJudge::begun(const Base& base, bool with_heads) {
    const auto [found, fresh] = begun_.try_emplace({&base, with_heads});
    auto& begun = found->second;
    if (fresh) {
        begun.text = base.text();
        cli::ExportVerifier verifier{writer_, base.trusted(with_heads)};
        std::size_t offset = 0;
        for (const auto& line : base.lines) {
            begun.offsets.push_back(offset);
            begun.before.push_back(verifier);
            offset += line.size() + 1;
            if (verifier.line(line)) {
                break;
            }
        }
    }
    return begun;
}

std::string OwnJudge::judge(const Case& one) {
    const auto& known = begun(*one.base, one.with_heads);
    const auto first = one.edits.empty() ? 0 : one.edits.front().at;
    const auto line =
        std::min(static_cast<std::size_t>(std::upper_bound(known.offsets.begin(), known.offsets.end(), first) -
                                          known.offsets.begin()),
                 known.before.size()) -
        1;
    std::istringstream rest{text_of(one, known.text).substr(known.offsets[line])};
    const auto verdict = cli::verify_rest(known.before[line], rest);
    return verdict.defect ? verdict.defect->text() : std::string{};
}

IndependentJudge::IndependentJudge(std::filesystem::path folder)
    : folder_(std::move(folder)), cases_(folder_ / "cases", std::ios::binary) {}

std::size_t IndependentJudge::number_of(const Base& base) {
    const auto known = std::find(bases_.begin(), bases_.end(), &base);
    if (known != bases_.end()) {
        return static_cast<std::size_t>(known - bases_.begin());
    }
    const auto name = folder_ / ("base-" + std::to_string(bases_.size()));
    std::ofstream{name, std::ios::binary} << base.text();
    std::ofstream heads{name.string() + ".heads", std::ios::binary};
    for (const auto& head : base.heads) {
        heads << head << '\n';
    }
    std::ofstream{name.string() + ".key", std::ios::binary} << base.head_key;
    bases_.push_back(&base);
    return bases_.size() - 1;
}

void IndependentJudge::take(const Case& one) {
    cases_ << number_of(*one.base) << ' ' << (one.with_heads ? 1 : 0);
    for (const auto& edit : one.edits) {
        const std::span bytes{reinterpret_cast<const std::uint8_t*>(edit.put.data()), edit.put.size()};
        cases_ << ' ' << edit.at << ' ' << edit.cut << ' ' << (edit.put.empty() ? "-" : hex_text(bytes));
    }
    cases_ << '\n';
}

std::vector<std::string> IndependentJudge::judge() {
    cases_.close();
    const auto output = folder_ / "verdicts";
    rig::ChildProcess python{{"/usr/bin/python3", "tests/fault/tampers/judge_cases.py", folder_.string()}, output};
    const auto ended = python.wait(std::chrono::hours{2});
    std::vector<std::string> verdicts;
    std::ifstream file{output, std::ios::binary};
    for (std::string line; std::getline(file, line);) {
        verdicts.push_back(line == "good" ? std::string{} : line);
    }
    if (ended != 0) {
        throw std::runtime_error{"judge_cases.py failed: " + (verdicts.empty() ? std::string{} : verdicts.back())};
    }
    return verdicts;
}

}  // namespace portcullis::fault
