#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <map>

#include "codec/event_schemas.hpp"
#include "tests/bench/figures.hpp"
#include "tests/fault/tampers/judges.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/hash.hpp"

namespace {

using namespace portcullis;
using namespace portcullis::fault;

/// What became of all cases.
struct Count {
    std::size_t cases = 0;
    std::size_t undetected = 0;
    std::size_t disagreements = 0;
    std::map<std::string, std::size_t> of_kind;
};

class Laboratory {
public:
    explicit Laboratory(const std::filesystem::path& folder) : independent_(folder) {}

    void take(const Case& one) {
        kinds_.push_back(one.what);
        own_.push_back(judge_.judge(one));
        independent_.take(one);
    }
    /// Compares the two judges; the first ones that passed, or that they do not agree on, are told.
    Count count() {
        Count count;
        const auto others = independent_.judge();
        if (others.size() != own_.size()) {
            throw std::runtime_error{"verify.py judged " + std::to_string(others.size()) + " of " +
                                     std::to_string(own_.size()) + " cases"};
        }
        for (std::size_t i = 0; i < own_.size(); ++i) {
            ++count.cases;
            ++count.of_kind[kinds_[i]];
            if (own_[i].empty() && others[i].empty()) {
                tell(count.undetected++, "undetected", i, others[i]);
            } else if (own_[i].empty() != others[i].empty()) {
                ++count.undetected;
                tell(count.disagreements++, "no agreement", i, others[i]);
            }
        }
        return count;
    }

private:
    void tell(std::size_t before, const char* what, std::size_t i, const std::string& other) const {
        if (before < 10 && tells) {
            std::cerr << what << ": case " << i << " (" << kinds_[i] << "): \"" << own_[i] << "\" and \"" << other
                      << "\"\n";
        }
    }

    codec::EventCatalogue catalogue_{codec::embedded_event_schemas()};
    codec::EventWriter writer_{catalogue_, trust::hmac_sha256};
    OwnJudge judge_{writer_};
    IndependentJudge independent_;
    std::vector<std::string> kinds_;
    std::vector<std::string> own_;

public:
    bool tells = true;
    [[nodiscard]] const codec::EventWriter& writer() const { return writer_; }
};

std::filesystem::path made(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    return folder;
}

/// Every untouched base is good for both judges: otherwise all would be seen for the wrong reason.
void check_bases(const std::filesystem::path& folder, const Bases& bases) {
    Laboratory laboratory{made(folder)};
    laboratory.tells = false;
    const std::array good{&bases.small, &bases.whole, &bases.cut, &bases.foreign};
    for (const auto* base : good) {
        laboratory.take({base, base->name, false, {}});
        laboratory.take({base, base->name + " beside its heads", true, {}});
    }
    for (const auto* base : {&bases.older_image, &bases.fork}) {
        laboratory.take({base, base->name, false, {}});
    }
    if (const auto count = laboratory.count(); count.undetected != count.cases || count.disagreements != 0) {
        throw std::runtime_error{"an untouched export does not verify: the laboratory proves nothing"};
    }
}

int run(bool short_form) {
    const store::testing::TemporaryDirectory folder;
    const HowMany how_many = short_form ? HowMany{29, 3, 11} : HowMany{1, 1, 5};
    const auto bases = make_bases(made(folder.path() / "bases"), short_form ? 60 : 300);
    check_bases(folder.path() / "good", bases);

    Laboratory tampers{made(folder.path() / "tampers")};
    each_tamper(bases, tampers.writer(), how_many, [&](const Case& one) { tampers.take(one); });
    const auto seen = tampers.count();

    Laboratory truncations{made(folder.path() / "truncations")};
    truncations.tells = false;
    each_truncation_without_heads(bases, how_many, [&](const Case& one) { truncations.take(one); });
    const auto known = truncations.count();

    for (const auto& [kind, number] : seen.of_kind) {
        std::cerr << number << ' ' << kind << '\n';
    }
    bench::Figures figures;
    figures.print("fault.tampers", static_cast<double>(seen.cases), "tampers", std::nullopt, seen.cases);
    figures.print("fault.tampers_undetected", static_cast<double>(seen.undetected), "tampers", bench::Aim{0},
                  seen.cases, "a falsified export passed, or the two verifiers do not agree on it");
    figures.print("fault.tampers_disagreements", static_cast<double>(seen.disagreements + known.disagreements),
                  "tampers", bench::Aim{0}, seen.cases + known.cases, "journal verify and verify.py differ");
    figures.print("fault.tampers_truncation_without_heads", static_cast<double>(known.undetected), "tampers",
                  std::nullopt, known.cases);
    if (known.undetected == 0) {
        std::cerr << "no truncation passed without heads: the laboratory cannot see what passes\n";
        return 1;
    }
    return figures.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"fault_tampers: falsified exports of a journal, judged by both verifiers; figures, one a line"};
    bool short_form = false;
    app.add_flag("--short", short_form, "fewer bits, lines and entries");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(short_form);
    } catch (const std::exception& error) {
        std::cerr << "fault_tampers: " << error.what() << '\n';
        return 1;
    }
}
