#include <algorithm>

#include "cli/sign/ruleset/compile_ruleset.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

/// `2 %`, `0.5 %`
std::string percent(std::int64_t ppm) {
    auto decimals = std::to_string(ppm % 10'000);
    decimals.insert(0, 4 - decimals.size(), '0');
    decimals.resize(decimals.find_last_not_of('0') + 1);
    return std::to_string(ppm / 10'000) + (decimals.empty() ? "" : "." + decimals) + " %";
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text.append(text.empty() ? "" : " ").append(word);
    }
    return text;
}

std::string count(std::size_t number, std::string_view thing) {
    return std::to_string(number) + " " + std::string{thing} + (number == 1 ? "" : "s");
}

std::string line_of(const Rule& rule) {
    auto outcome = std::string{text_of(rule.outcome)};
    if (rule.rate_ppm < 1'000'000) {
        outcome += " " + percent(rule.rate_ppm);
    }
    std::string validity;
    if (rule.valid_from) {
        validity += ", from " + time_text(*rule.valid_from);
    }
    if (rule.valid_to) {
        validity += ", to " + time_text(*rule.valid_to);
    }
    return "  " + padded(rule.id, 14) + padded(outcome, 14) +
           "unknown: " + padded(std::string{text_of(rule.unknown)}, 9) + rule.title + validity + "\n";
}

std::string line_of(const SamplingRate& row) {
    return "  " + padded("class " + row.enterprise_class.value_or("any"), 12) +
           padded("goods " + row.goods_group.value_or("any"), 22) +
           padded(row.movement ? std::string{text_of(*row.movement)} : "any movement", 18) + percent(row.rate_ppm) +
           "\n";
}

}  // namespace

std::string explained(const RulesetDocument& document) {
    const auto& ruleset = document.ruleset;
    auto text = "ruleset " + std::to_string(ruleset.version) + " for " + ruleset.terminal + " (gates " +
                joined(ruleset.gates) + "), " +
                (ruleset.effective ? "effective " + time_text(*ruleset.effective) : std::string{"effective at once"}) +
                ", expires " + time_text(ruleset.expires.value_or(ruleset.issued)) + "\n";
    text += std::to_string(ruleset.classes.names.size()) + " classes" + ": " + joined(ruleset.classes.names) +
            "; unknown is " + (ruleset.classes.unknown.empty() ? "none" : ruleset.classes.unknown) + "; " +
            count(ruleset.classes.enterprises.size(), "enterprise") + " listed\n";
    text += count(ruleset.sampling.rates.size(), "sampling row") + ", first match wins\n";
    for (const auto& row : ruleset.sampling.rates) {
        text += line_of(row);
    }
    text += count(ruleset.zones.size(), "zone") + ", " + count(ruleset.policy.rows.size(), "policy row") + ", " +
            count(ruleset.staleness.ladder.size(), "row") + " in the ladder of ages\n";
    text += count(ruleset.rules.size(), "rule") + "\n";
    for (const auto& rule : ruleset.rules) {
        text += line_of(rule);
    }
    return text + count(document.cases.size(), "case") + ": all come out as they say\n";
}

}  // namespace portcullis::sign
