#include "cli/explain_passage.hpp"

#include <limits>
#include <ostream>
#include <utility>
#include <vector>

#include "cli/explain/explain_text.hpp"
#include "cli/explain/explain_values.hpp"
#include "cli/explain/explained_passage.hpp"
#include "cli/explain/recorded_verdict.hpp"
#include "cli/ruleset_of_verdict.hpp"
#include "cli/visit_verdicts.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {
namespace {

/// A verdict that was decided again.
struct Again {
    const RecordedVerdict& recorded;
    const ExplainedPassage& explained;
    std::vector<std::string> differing;
};

void print(const Again& again, std::ostream& out) {
    out << again.recorded.time << " verdict " << again.recorded.sequence << ": ";
    print_verdict(again.explained.verdict(), out);
    print_passes(again.explained.passes(), out);
    print_rules(again.explained.rules(), out);
    if (again.differing.empty()) {
        out << "decided again it comes out as it is recorded\n";
        return;
    }
    out << "DECIDED AGAIN IT DIFFERS FROM WHAT IS RECORDED in";
    for (const auto& name : again.differing) {
        out << ' ' << name;
    }
    out << '\n';
}

void print_json(const Again& again, std::ostream& out) {
    List differing(again.differing.begin(), again.differing.end());
    const auto text = codec::canonical_text(Object{{"passage", again.recorded.passage},
                                                   {"sequence", again.recorded.sequence},
                                                   {"time", again.recorded.time},
                                                   {"ruleset_version", again.recorded.ruleset_version},
                                                   {"verdict", verdict_value(again.explained.verdict())},
                                                   {"passes", passes_value(again.explained.passes())},
                                                   {"rules", rules_value(again.explained.rules())},
                                                   {"differs", std::move(differing)}});
    out << (text ? *text : "{\"error\":\"" + text.error().reason + "\"}") << '\n';
}

/// Whether it came out as it is recorded; why not on `errors`, where it could not be decided.
bool explain(const RecordedVerdict& recorded, const JournalPlace& place, const ExplainPassageOptions& options,
             std::ostream& out, std::ostream& errors) {
    const auto fail = [&](const std::string& why) {
        errors << "portcullis: verdict " << recorded.sequence << ": " << why << '\n';
        return false;
    };
    if (const auto why = without_facts(recorded)) {
        return fail(*why);
    }
    const auto passage = codec::read_facts(recorded.facts);
    if (!passage) {
        return fail("its facts cannot be read: " + passage.error().message());
    }
    auto ruleset = ruleset_of(recorded, place, options.ruleset);
    if (!ruleset) {
        return fail(ruleset.error());
    }
    const ExplainedPassage explained{supervision::CompiledRuleset{std::move(ruleset).value()}, *passage};
    const Again again{recorded, explained, differences(recorded, explained.verdict())};
    if (options.json) {
        print_json(again, out);
    } else {
        print(again, out);
    }
    return again.differing.empty();
}

}  // namespace

int explain_passage(const JournalPlace& place, const ExplainPassageOptions& options, std::ostream& out,
                    std::ostream& errors) {
    gate::EventFilter which;
    which.passage = options.passage;
    std::vector<RecordedVerdict> verdicts;
    const auto wrong = visit_verdicts(place, which, [&](RecordedVerdict recorded) {
        verdicts.push_back(std::move(recorded));
        return true;
    });
    if (wrong) {
        errors << "portcullis: " << *wrong << '\n';
        return 1;
    }
    if (verdicts.empty()) {
        errors << "portcullis: the journal holds no verdict about passage " << options.passage << '\n';
        return 1;
    }
    bool same = true;
    for (const auto& recorded : verdicts) {
        same = explain(recorded, place, options, out, errors) && same;
    }
    return same ? 0 : 1;
}

}  // namespace portcullis::cli
