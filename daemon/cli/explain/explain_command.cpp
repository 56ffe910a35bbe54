#include "cli/explain/explain_command.hpp"

#include <ostream>

#include "cli/explain/explain_text.hpp"
#include "cli/explain/explain_values.hpp"
#include "cli/explain/explained_passage.hpp"
#include "cli/explain/text_file.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {
namespace {

constexpr const char* withheld =
    "These facts are of no decided passage: draws are withheld (unknown), and targeting is not looked up.\n";

}  // namespace

int explain_facts(const ExplainOptions& options, std::ostream& out, std::ostream& errors) {
    const auto text = bytes_of(options.ruleset, most_ruleset_file_bytes);
    if (!text) {
        errors << "portcullis: " << options.ruleset.string() << ": cannot be read, is empty, or is too large\n";
        return 1;
    }
    const auto ruleset = read_any_ruleset(*text);
    if (!ruleset) {
        errors << "portcullis: " << options.ruleset.string() << ": " << ruleset.error().message() << '\n';
        return 1;
    }
    return explain_facts(options, ruleset->ruleset, out, errors);
}

int explain_facts(const ExplainOptions& options, const Ruleset& ruleset, std::ostream& out, std::ostream& errors) {
    const auto text = bytes_of(options.facts, codec::most_facts_bytes);
    if (!text) {
        errors << "portcullis: " << options.facts.string() << ": cannot be read, is empty, or is too large\n";
        return 1;
    }
    auto passage = codec::read_facts(*text);
    if (!passage) {
        errors << "portcullis: " << options.facts.string() << ": " << passage.error().message() << '\n';
        return 1;
    }
    withhold(*passage);
    const ExplainedPassage explained{supervision::CompiledRuleset{ruleset}, *passage};
    if (options.json) {
        const auto text = codec::canonical_text(Object{{"sampling", "withheld"},
                                                       {"targeting", "not_looked_up"},
                                                       {"verdict", verdict_value(explained.verdict())},
                                                       {"passes", passes_value(explained.passes())},
                                                       {"rules", rules_value(explained.rules())}});
        if (!text) {
            errors << "portcullis: " << text.error().message() << '\n';
            return 1;
        }
        out << *text << '\n';
        return 0;
    }
    print_verdict(explained.verdict(), out);
    out << withheld;
    print_passes(explained.passes(), out);
    print_rules(explained.rules(), out);
    return 0;
}

}  // namespace portcullis::cli
