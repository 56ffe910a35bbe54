#include "cli/try_ruleset.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "cli/explain/explain_values.hpp"
#include "cli/explain/explained_passage.hpp"
#include "cli/explain/recorded_verdict.hpp"
#include "cli/explain/text_file.hpp"
#include "cli/visit_verdicts.hpp"
#include "codec/canonical.hpp"
#include "core/value_members.hpp"
#include "supervision/evaluate.hpp"

namespace portcullis::cli {
namespace {

/// The reasons of a verdict as people tell them apart: `rule_hold Q01`.
std::set<std::string> reasons_in(const Value& data) {
    std::set<std::string> reasons;
    const auto* list = data.find("reasons");
    for (const auto& reason : list == nullptr || list->get<List>() == nullptr ? List{} : *list->get<List>()) {
        std::string words = text_member(reason, "code");
        for (const auto* name : {"authority", "id"}) {
            if (const auto text = text_member(reason, name); text != "none") {
                words += " " + text;
            }
        }
        reasons.insert(std::move(words));
    }
    return reasons;
}

List missing_in(const std::set<std::string>& from, const std::set<std::string>& other) {
    List list;
    for (const auto& reason : from) {
        if (!other.contains(reason)) {
            list.emplace_back(reason);
        }
    }
    return list;
}

/// Whether the candidate draws where nobody drew: its rule's draw is unknown then.
bool lacks_a_draw(const Ruleset& ruleset, const PassageFacts& facts) {
    return std::ranges::any_of(ruleset.rules, [&](const Rule& rule) {
        const bool draws = rule.outcome == VerdictOutcome::inspect && rule.rate_ppm < 1'000'000;
        return draws && std::ranges::any_of(facts.measures.boxes, [&](const BoxMeasures& box) {
                   return std::ranges::none_of(box.tickets, [&](const DrawTicket& ticket) {
                       return ticket.ticket_ppm && ticket.purpose == "rule:" + rule.id;
                   });
               });
    });
}

class Trial {
public:
    Trial(Ruleset candidate, bool json, std::ostream& out) : ruleset_(std::move(candidate)), json_(json), out_(out) {}

    /// Why it could not be tried, or nothing.
    std::optional<std::string> decide(const RecordedVerdict& recorded) {
        if (without_facts(recorded)) {
            ++untold_;
            return std::nullopt;
        }
        const auto passage = codec::read_facts(recorded.facts);
        if (!passage) {
            return "verdict " + std::to_string(recorded.sequence) + ": " + passage.error().message();
        }
        const auto verdict = supervision::evaluate(ruleset_, passage->facts, passage->orders, passage->basis);
        undrawn_ += lacks_a_draw(ruleset_.ruleset(), passage->facts) ? 1 : 0;
        const auto was = text_member(recorded.data, "outcome");
        const auto is = std::string{text_of(verdict.outcome)};
        ++outcomes_[{was, is}];
        const auto value = verdict_value(verdict);
        const auto before = reasons_in(recorded.data);
        const auto after = reasons_in(value);
        if (was != is || before != after) {
            ++differing_;
            tell(recorded, was, is, missing_in(after, before), missing_in(before, after));
        }
        return std::nullopt;
    }

    /// What the record cannot tell a candidate that asks for it.
    void warn() const {
        const bool asks = std::ranges::any_of(ruleset_.predicates(), [](const supervision::CompiledPredicate& one) {
            return one.kind == PredicateKind::repeat_visits || one.kind == PredicateKind::plate_elsewhere;
        });
        if (asks) {
            out_ << "it looks back at visits: those are recorded only as far back as the ruleset of that day looked\n";
        }
    }

    void summarise() const {
        std::int64_t tried = 0;
        List outcomes;
        for (const auto& [words, count] : outcomes_) {
            tried += count;
            outcomes.emplace_back(Object{{"was", words.first}, {"is", words.second}, {"verdicts", count}});
        }
        if (json_) {
            put(Object{{"tried", tried},
                       {"differing", differing_},
                       {"without_facts", untold_},
                       {"without_draws", undrawn_},
                       {"outcomes", std::move(outcomes)}});
            return;
        }
        out_ << tried << " verdicts tried, " << differing_ << " would have been others\n";
        for (const auto& [words, count] : outcomes_) {
            out_ << "  " << words.first << " -> " << words.second << ": " << count << '\n';
        }
        if (untold_ > 0) {
            out_ << untold_ << " are recorded without facts and were not tried\n";
        }
        warn();
        if (undrawn_ > 0) {
            out_ << "of " << undrawn_ << " the candidate draws what nobody drew: unknown there\n";
        }
    }

private:
    void put(Object line) const {
        const auto text = codec::canonical_text(Value{std::move(line)});
        out_ << (text ? *text : text.error().message()) << '\n';
    }

    void tell(const RecordedVerdict& recorded, const std::string& was, const std::string& is, List more, List less) {
        if (json_) {
            put(Object{{"passage", recorded.passage},
                       {"sequence", recorded.sequence},
                       {"time", recorded.time},
                       {"was", was},
                       {"is", is},
                       {"reasons_more", std::move(more)},
                       {"reasons_less", std::move(less)}});
            return;
        }
        out_ << recorded.time << ' ' << recorded.passage << ' ' << was << " -> " << is;
        for (const auto& reason : more) {
            out_ << " +" << *reason.get<std::string>();
        }
        for (const auto& reason : less) {
            out_ << " -" << *reason.get<std::string>();
        }
        out_ << '\n';
    }

    supervision::CompiledRuleset ruleset_;
    bool json_;
    std::ostream& out_;
    std::map<std::pair<std::string, std::string>, std::int64_t> outcomes_;
    std::int64_t differing_ = 0;
    std::int64_t untold_ = 0;
    std::int64_t undrawn_ = 0;
};

}  // namespace

int try_ruleset(const JournalPlace& place, const TryRulesetOptions& options, std::ostream& out, std::ostream& errors) {
    const auto fail = [&](const std::string& why) {
        errors << "portcullis: " << why << '\n';
        return 1;
    };
    const auto text = bytes_of(options.ruleset, most_ruleset_file_bytes);
    if (!text) {
        return fail(options.ruleset.string() + ": cannot be read, is empty, or is too large");
    }
    auto candidate = read_any_ruleset(*text);
    if (!candidate) {
        return fail(options.ruleset.string() + ": " + candidate.error().message());
    }
    Trial trial{std::move(candidate->ruleset), options.json, out};
    gate::EventFilter which;
    which.from = options.since;
    std::optional<std::string> untried;
    const auto wrong = visit_verdicts(place, which, [&](const RecordedVerdict& recorded) {
        untried = trial.decide(recorded);
        return !untried;
    });
    if (wrong || untried) {
        return fail(wrong ? *wrong : *untried);
    }
    trial.summarise();
    return 0;
}

}  // namespace portcullis::cli
