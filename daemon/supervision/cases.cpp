#include "supervision/cases.hpp"

#include <algorithm>

#include "supervision/evaluate.hpp"

namespace portcullis::supervision {
namespace {

std::string joined(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    std::string text;
    for (const auto& word : words) {
        text.append(text.empty() ? "" : " ").append(word);
    }
    return text.empty() ? "none" : text;
}

std::vector<std::string> codes_of(const Verdict& verdict) {
    std::vector<std::string> codes;
    for (const auto& reason : verdict.reasons) {
        codes.emplace_back(text_of(reason.code));
    }
    return codes;
}

std::vector<std::string> rules_of(const Verdict& verdict) {
    std::vector<std::string> rules;
    for (const auto& reason : verdict.reasons) {
        if (reason.kind == ReasonKind::rule && reason.id) {
            rules.push_back(*reason.id);
        }
    }
    return rules;
}

void compare(const RulesetCase& one, const Verdict& verdict, std::vector<CaseDifference>& differences) {
    const auto& expected = one.expected;
    const auto hold_equal = [&](const char* what, const std::string& wanted, const std::string& found) {
        if (wanted != found) {
            differences.push_back({one.id, what, wanted, found});
        }
    };
    hold_equal("outcome", std::string{text_of(expected.outcome)}, std::string{text_of(verdict.outcome)});
    const auto codes = codes_of(verdict);
    for (const auto reason : expected.reasons) {
        const std::string code{text_of(reason)};
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
            differences.push_back({one.id, "reasons", code, joined(codes)});
        }
    }
    if (expected.rules) {
        hold_equal("rules", joined(*expected.rules), joined(rules_of(verdict)));
    }
    if (expected.zone) {
        hold_equal("zone", *expected.zone, verdict.zone.value_or("none"));
    }
    if (expected.methods) {
        hold_equal("methods", joined(*expected.methods), joined(verdict.methods));
    }
}

}  // namespace

std::vector<CaseDifference> run_cases(const CompiledRuleset& ruleset, std::span<const RulesetCase> cases) {
    std::vector<CaseDifference> differences;
    for (const auto& one : cases) {
        compare(one, evaluate(ruleset, one.facts, one.orders, one.basis), differences);
    }
    return differences;
}

}  // namespace portcullis::supervision
