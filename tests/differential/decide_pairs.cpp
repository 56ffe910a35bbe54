// Decides pairs of lines `{"ruleset": …, "facts": [ … ]}` from standard input: one line a passage, the verdict as JSON.
// A ruleset or a passage that does not read gives one line `{"refused": "why"}`.
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "cli/explain/explain_values.hpp"
#include "codec/canonical.hpp"
#include "codec/facts.hpp"
#include "codec/ruleset.hpp"
#include "supervision/evaluate.hpp"

namespace {

using namespace portcullis;

void refuse(const codec::Refusal& refusal) {
    std::cout << boost::json::serialize(boost::json::object{{"refused", refusal.message()}}) << '\n';
}

/// What was read is written and read again before it is decided: the journal's copy decides as the passage did.
void decide(const supervision::CompiledRuleset& ruleset, const std::string& text) {
    const auto given = codec::read_facts(text);
    if (!given) {
        return refuse(given.error());
    }
    const auto passage = codec::read_facts(codec::write_facts(given->facts, given->orders, given->basis));
    if (!passage) {
        return refuse(passage.error());
    }
    const auto verdict = supervision::evaluate(ruleset, passage->facts, passage->orders, passage->basis);
    std::cout << codec::canonical_text(cli::verdict_value(verdict)).value() << '\n';
}

void decide_line(const std::string& line) {
    const auto pair = boost::json::parse(line);
    const auto document = codec::read_ruleset(boost::json::serialize(pair.at("ruleset")));
    if (!document) {
        return refuse(document.error());
    }
    const supervision::CompiledRuleset ruleset{document->ruleset};
    for (const auto& facts : pair.at("facts").as_array()) {
        decide(ruleset, boost::json::serialize(facts));
    }
}

}  // namespace

int main() {
    try {
        std::ios::sync_with_stdio(false);
        for (std::string line; std::getline(std::cin, line);) {
            decide_line(line);
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "differential_decide: " << error.what() << '\n';
        return 1;
    }
}
