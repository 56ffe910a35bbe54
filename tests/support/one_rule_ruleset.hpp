#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "codec/ruleset.hpp"
#include "tests/support/trust_documents.hpp"

namespace portcullis::testing {

/// A ruleset for every gate of the port whose only rule holds whoever the predicate is true of; good from one day of
/// November to the same of December.
inline RulesetDocument one_rule_ruleset(std::int64_t version, std::string title, Predicate predicate) {
    RulesetDocument document;
    auto& ruleset = document.ruleset;
    ruleset.version = version;
    ruleset.terminal = "xmht";
    ruleset.gates = {"*"};
    ruleset.issued = at("2026-11-20T00:00:00.000Z");
    ruleset.expires = at("2026-12-20T00:00:00.000Z");
    Rule rule;
    rule.id = "R" + std::to_string(version);
    rule.title = std::move(title);
    rule.basis = "A test";
    rule.predicates = {std::move(predicate)};
    rule.condition = {{Join::all, 1, 0}, {Join::predicate, 0, 0}};
    ruleset.rules = {std::move(rule)};
    return document;
}

}  // namespace portcullis::testing
