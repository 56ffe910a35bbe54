#include "supervision/ruleset_checks.hpp"

#include <algorithm>
#include <utility>

#include "supervision/predicates.hpp"
#include "supervision/rules.hpp"
#include "supervision/sampling.hpp"
#include "supervision/staleness.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::supervision {
namespace {

/// Where the result would answer `key`, and does not for its seals, it says so; `true` where it answers.
bool ask_result(VerdictBuilder& builder, BoxCase& box, const std::string& key) {
    if (!names(box.measures(), key)) {
        return false;
    }
    if (!answers(box.measures(), key)) {
        builder.add(seal_finding(*box.measures()), {}, box.verdict().zone_result);
        return false;
    }
    box.answered(key);
    builder.add_answered(key);
    return true;
}

/// One rule over all boxes.
class RuleAsked {
public:
    RuleAsked(VerdictBuilder& builder, const RulesetScene& scene, const CompiledRule& rule)
        : builder_(builder), scene_(scene), rule_(rule), force_(in_force(*rule.rule, scene.basis)) {}

    void ask(BoxCase& box, std::span<Answers> answers) {
        if (force_ == Tristate::no) {
            skipped_ = skipped_ || is_for(rule_, answers.front().subject().movement) != Tristate::no;
            return;
        }
        const auto result = matches(scene_.ruleset, rule_, force_, answers);
        const bool stands =
            result != Tristate::no && !(rule_.rule->answered_by_result && ask_result(builder_, box, rule_.key));
        if (!stands) {
            return;
        }
        if (result == Tristate::yes) {
            matched_ = true;
        } else {
            unknown_ = true;
            add_missing(answers);
        }
    }

    void tell() {
        const auto& rule = *rule_.rule;
        if (skipped_) {
            builder_.note({rule.id, RuleNote::Why::not_in_force});
        }
        if (matched_) {
            const bool holds_it = rule.outcome == VerdictOutcome::hold;
            add(holds_it ? ReasonCode::rule_hold : ReasonCode::rule_inspect, Tristate::yes, rule.outcome);
        }
        if (unknown_ && rule.unknown == UnknownOutcome::note) {
            builder_.note({rule.id, RuleNote::Why::unknown});
        } else if (unknown_) {
            const bool holds_it = rule.unknown == UnknownOutcome::hold;
            add(ReasonCode::rule_unknown, Tristate::unknown, holds_it ? VerdictOutcome::hold : VerdictOutcome::inspect);
        }
    }

private:
    void add(ReasonCode code, Tristate result, VerdictOutcome outcome) {
        builder_.add_new({code, ReasonKind::rule, {}, rule_.rule->id, result, outcome});
        builder_.add_inspection(rule_.rule->zone, rule_.rule->methods);
    }

    /// Which of its facts were not known, whether or not they made the difference.
    void add_missing(std::span<Answers> answers) {
        for (const auto place : rule_.predicates) {
            for (auto& one : answers) {
                if (one.of(place) == Tristate::unknown) {
                    builder_.add_missing(text_of(scene_.ruleset.predicates()[place].kind));
                }
            }
        }
    }

    VerdictBuilder& builder_;
    const RulesetScene& scene_;
    const CompiledRule& rule_;
    Tristate force_;
    bool skipped_ = false;
    bool matched_ = false;
    bool unknown_ = false;
};

}  // namespace

void add_targeting(VerdictBuilder& builder, const std::vector<TargetingHit>& hits, const ControlPoint& control_point,
                   std::vector<BoxCase>& boxes) {
    for (const auto& hit : hits) {
        const auto& order = hit.found->order;
        bool answered = false;
        if (order.targeting()->lifted_by == LiftedBy::result) {
            const auto key = "order:" + order.authority.text() + ":" + order.id.text();
            for (auto& box : boxes) {
                answered = ask_result(builder, box, key) || answered;
            }
        }
        if (!answered) {
            builder.add(hit);
        } else if (auto place = spent_place(order, control_point)) {
            builder.add_claim({std::move(*place), 1});
        }
    }
}

void add_zone_results(VerdictBuilder& builder, const std::vector<BoxCase>& boxes) {
    for (const auto& box : boxes) {
        if (const auto finding = result_finding(box.measures())) {
            builder.add(*finding, {}, box.verdict().zone_result);
        }
    }
}

void settle_sampling(VerdictBuilder& builder, std::vector<BoxCase>& boxes) {
    for (auto& box : boxes) {
        const auto outcome = box.verdict().sampling;
        const bool stands = is_drawn(outcome) || outcome == SamplingOutcome::unknown;
        if (stands && ask_result(builder, box, "sampling")) {
            box.satisfy_sampling();
        }
    }
}

void add_rules(VerdictBuilder& builder, const RulesetScene& scene, std::vector<BoxCase>& boxes) {
    std::vector<std::vector<Subject>> subjects;
    std::vector<std::vector<Answers>> answers(boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        subjects.push_back(boxes[i].subjects(scene.ruleset.ruleset(), scene.weight));
        for (const auto& subject : subjects.back()) {
            answers[i].emplace_back(scene.ruleset, subject);
        }
    }
    const auto rules = scene.ruleset.rules();
    for (auto place = next_possible(scene.ruleset, 0, answers); place < rules.size();
         place = next_possible(scene.ruleset, place + 1, answers)) {
        RuleAsked asked{builder, scene, rules[place]};
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            asked.ask(boxes[i], answers[i]);
        }
        asked.tell();
    }
}

void add_sampling(VerdictBuilder& builder, const RulesetScene& scene, const std::vector<BoxCase>& boxes) {
    const auto& sampling = scene.ruleset.ruleset().sampling;
    for (const auto& box : boxes) {
        const auto outcome = box.verdict().sampling;
        const bool drawn = is_drawn(outcome);
        if (!drawn && outcome != SamplingOutcome::unknown) {
            continue;
        }
        builder.add({drawn ? ReasonCode::sampling_drawn : ReasonCode::sampling_unknown, ReasonKind::sampling,
                     VerdictOutcome::inspect, drawn ? Tristate::yes : Tristate::unknown, drawn ? "" : "sampling"},
                    {}, box.verdict().container->text());
        builder.add_inspection(sampling.zone, sampling.methods);
    }
}

void add_staleness(VerdictBuilder& builder, const RulesetScene& scene, const std::vector<BoxCase>& boxes) {
    const auto& staleness = scene.ruleset.ruleset().staleness;
    for (const auto& box : boxes) {
        const auto& judged = box.verdict();
        const auto look_at = [&](StalenessRow::Document document, DocumentState state) {
            if (const auto finding =
                    stale_finding(staleness, document, state, judged.movement, judged.enterprise_class)) {
                builder.add(*finding);
            }
        };
        look_at(StalenessRow::Document::ruleset, scene.ruleset_state);
        // What is proved to carry nothing, and has no order, rests on none.
        if (box.orders().box != nullptr || !box.orders().words.empty()) {
            look_at(StalenessRow::Document::orders, scene.orders_state);
        }
        for (const auto& word : box.orders().words) {
            if (word.granted != nullptr && !scene.basis.link_up && !staleness.shared_orders_without_link &&
                !tied_to_one_gate(word.granted->order, scene.facts.gate)) {
                builder.add(
                    {ReasonCode::order_shared, ReasonKind::staleness, VerdictOutcome::hold, Tristate::unknown, "link"},
                    word.authority, word.granted->order.id.text());
            }
        }
    }
}

}  // namespace portcullis::supervision
