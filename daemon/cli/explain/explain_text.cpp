#include "cli/explain/explain_text.hpp"

#include <ostream>
#include <string>

#include "cli/explain/explain_values.hpp"

namespace portcullis::cli {
namespace {

void print_reason(const Reason& reason, std::ostream& out) {
    out << "  " << text_of(reason.outcome) << "  " << text_of(reason.code);
    if (reason.authority) {
        out << ' ' << reason.authority->text();
    }
    if (reason.id) {
        out << ' ' << *reason.id;
    }
    out << (reason.result == Tristate::unknown ? " (unknown)" : "") << '\n';
}

void print_predicates(const std::vector<supervision::PredicateExplained>& predicates, std::ostream& out) {
    for (const auto& one : predicates) {
        out << "      " << truth_word(one.result) << "  " << asked_by(*one.predicate) << "; saw " << one.saw << '\n';
    }
}

/// Why a rule is not asked, or nothing.
std::string_view not_asked(const supervision::RuleExplained& one) {
    if (one.in_force == Tristate::no) {
        return " (not in force)";
    }
    return one.for_movement == Tristate::no ? " (not for this movement)" : "";
}

}  // namespace

void print_verdict(const Verdict& verdict, std::ostream& out) {
    out << text_of(verdict.outcome) << ", by ruleset " << verdict.ruleset_version << " ("
        << text_of(verdict.ruleset_state) << ") and orders " << verdict.order_cursor << " ("
        << text_of(verdict.orders_state) << ")";
    if (verdict.zone) {
        out << ", zone " << *verdict.zone;
    }
    for (const auto& method : verdict.methods) {
        out << (&method == verdict.methods.data() ? ", methods " : " ") << method;
    }
    out << '\n';
    for (const auto& reason : verdict.reasons) {
        print_reason(reason, out);
    }
    for (const auto& note : verdict.notes) {
        out << "  note  rule " << note.rule << ": " << text_of(note.why) << '\n';
    }
}

void print_passes(const std::vector<supervision::PassExplained>& passes, std::ostream& out) {
    for (const auto& one : passes) {
        out << "pass " << one.pass->id << " (" << text_of(one.pass->kind) << "): " << text_of(one.state) << '\n';
    }
}

void print_rules(const std::vector<supervision::RuleExplained>& rules, std::ostream& out) {
    for (const auto& one : rules) {
        const auto unasked = not_asked(one);
        out << truth_word(one.result) << "  rule " << one.rule->id << ' ' << one.rule->title << ", "
            << (one.container ? one.container->text() : std::string{"no box"}) << unasked
            << (one.answered ? " (answered by its zone result)" : "") << '\n';
        if (!unasked.empty()) {
            continue;
        }
        for (std::size_t i = 0; i < one.declarations.size(); ++i) {
            if (one.declarations.size() > 1) {
                out << "    declaration " << i + 1 << '\n';
            }
            print_predicates(one.declarations[i], out);
        }
    }
}

}  // namespace portcullis::cli
