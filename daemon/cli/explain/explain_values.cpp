#include "cli/explain/explain_values.hpp"

#include <algorithm>
#include <string>

#include "core/time_text.hpp"

namespace portcullis::cli {
namespace {

List texts(const std::vector<std::string>& all) {
    List list;
    for (const auto& text : all) {
        list.emplace_back(text);
    }
    return list;
}

Value text_or_none(const std::optional<std::string>& text) {
    return text ? Value{*text} : Value{"none"};
}

template <class Named>
Value name_or_none(const std::optional<Named>& named) {
    return named ? Value{named->text()} : Value{"none"};
}

List reasons_of(const Verdict& verdict) {
    List reasons;
    for (const auto& reason : verdict.reasons) {
        reasons.emplace_back(Object{{"code", text_of(reason.code)},
                                    {"kind", text_of(reason.kind)},
                                    {"authority", name_or_none(reason.authority)},
                                    {"id", text_or_none(reason.id)},
                                    {"result", truth_word(reason.result)},
                                    {"outcome", text_of(reason.outcome)}});
    }
    return reasons;
}

List notes_of(const Verdict& verdict) {
    List notes;
    for (const auto& note : verdict.notes) {
        notes.emplace_back(Object{{"rule", note.rule}, {"why", text_of(note.why)}});
    }
    return notes;
}

List boxes_of(const Verdict& verdict) {
    List boxes;
    for (const auto& box : verdict.boxes) {
        auto answered = box.answered;
        std::ranges::sort(answered);
        boxes.emplace_back(Object{{"container", name_or_none(box.container)},
                                  {"movement", text_of(box.movement)},
                                  {"class", text_or_none(box.enterprise_class)},
                                  {"sampling", text_of(box.sampling)},
                                  {"answered", texts(answered)}});
    }
    return boxes;
}

List claims_of(const Verdict& verdict) {
    List claims;
    for (const auto& claim : verdict.claims) {
        claims.emplace_back(Object{{"authority", claim.key.authority.text()},
                                   {"order", claim.key.order.text()},
                                   {"container", name_or_none(claim.key.container)},
                                   {"control_point", claim.key.control_point.text()},
                                   {"uses", claim.uses}});
    }
    return claims;
}

List predicates_of(const std::vector<supervision::PredicateExplained>& predicates) {
    List list;
    for (const auto& one : predicates) {
        list.emplace_back(Object{{"predicate", text_of(one.predicate->kind)},
                                 {"asks", asked_by(*one.predicate)},
                                 {"result", truth_word(one.result)},
                                 {"saw", one.saw}});
    }
    return list;
}

}  // namespace

std::string_view truth_word(Tristate value) {
    switch (value) {
        case Tristate::yes:
            return "true";
        case Tristate::no:
            return "false";
        case Tristate::unknown:
            break;
    }
    return "unknown";
}

std::string asked_by(const Predicate& predicate) {
    std::string asks{text_of(predicate.kind)};
    const auto add = [&](std::string_view word, const std::string& value) {
        asks.append(" ").append(word).append(word.empty() ? "" : " ").append(value);
    };
    if (!predicate.name.empty()) {
        add("", predicate.name);
    }
    for (const auto& text : predicate.texts) {
        add(&text == predicate.texts.data() ? "" : "or", text);
    }
    if (predicate.at_least) {
        add("at least", std::to_string(*predicate.at_least));
    }
    if (predicate.at_most) {
        add("at most", std::to_string(*predicate.at_most));
    }
    if (predicate.from) {
        add("from", time_text(*predicate.from));
    }
    if (predicate.to) {
        add("to", time_text(*predicate.to));
    }
    if (predicate.within) {
        add("within", std::to_string(predicate.within->count()) + " h");
    }
    return asks;
}

Value verdict_value(const Verdict& verdict) {
    return Object{{"outcome", text_of(verdict.outcome)},
                  {"zone", text_or_none(verdict.zone)},
                  {"methods", texts(verdict.methods)},
                  {"reasons", reasons_of(verdict)},
                  {"notes", notes_of(verdict)},
                  {"ruleset_state", text_of(verdict.ruleset_state)},
                  {"orders_state", text_of(verdict.orders_state)},
                  {"boxes", boxes_of(verdict)},
                  {"claims", claims_of(verdict)}};
}

Value passes_value(const std::vector<supervision::PassExplained>& passes) {
    List list;
    for (const auto& one : passes) {
        list.emplace_back(
            Object{{"pass", one.pass->id}, {"kind", text_of(one.pass->kind)}, {"state", text_of(one.state)}});
    }
    return list;
}

Value rules_value(const std::vector<supervision::RuleExplained>& rules) {
    List list;
    for (const auto& one : rules) {
        List declarations;
        for (const auto& declaration : one.declarations) {
            declarations.emplace_back(predicates_of(declaration));
        }
        list.emplace_back(Object{{"rule", one.rule->id},
                                 {"title", one.rule->title},
                                 {"container", name_or_none(one.container)},
                                 {"in_force", truth_word(one.in_force)},
                                 {"for_movement", truth_word(one.for_movement)},
                                 {"result", truth_word(one.result)},
                                 {"outcome", text_of(one.rule->outcome)},
                                 {"answered", one.answered ? "yes" : "no"},
                                 {"declarations", std::move(declarations)}});
    }
    return list;
}

}  // namespace portcullis::cli
