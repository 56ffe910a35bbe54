#include <boost/json/array.hpp>

#include "codec/condition.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/order_words.hpp"
#include "codec/ruleset_parts.hpp"
#include "codec/word_list.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr std::int64_t whole_ppm = 1'000'000;
constexpr std::size_t longest_basis = 512;

/// A rule never releases, and what it takes only a share of is inspected.
void check_outcome(ObjectReader& reader, const Rule& rule) {
    const bool inspects = rule.outcome == VerdictOutcome::inspect || rule.unknown == UnknownOutcome::inspect;
    if (rule.rate_ppm < whole_ppm && rule.outcome != VerdictOutcome::inspect) {
        reader.refuse("rate_ppm", "is only of a rule that inspects: a hold takes every box");
    }
    if (!inspects && rule.zone) {
        reader.refuse("zone", "is only of a rule that inspects");
    }
    if (!inspects && !rule.methods.empty()) {
        reader.refuse("methods", "are only of a rule that inspects");
    }
    if (rule.valid_from && rule.valid_to && *rule.valid_to < *rule.valid_from) {
        reader.refuse("valid_to", "is before valid_from");
    }
}

}  // namespace

Rule read_rule(const json::value& value, std::string pointer, FirstRefusal& refusal) {
    ObjectReader reader{value, std::move(pointer), refusal};
    Rule rule;
    rule.id = required_text(reader, "rule", is_setting_name, setting_name_form);
    rule.title = reader.text("title");
    rule.basis = reader.text("basis", longest_basis);
    rule.movements = word_list<Movement>(reader, "movements");
    rule.outcome = reader.word<VerdictOutcome>("outcome", {VerdictOutcome::release});
    rule.unknown = reader.word<UnknownOutcome>("unknown");
    rule.rate_ppm = reader.optional_integer("rate_ppm", 1, whole_ppm).value_or(whole_ppm);
    rule.zone = formed_text(reader, "zone", is_setting_name, setting_name_form);
    rule.methods = listed_texts(reader, "methods", is_word, word_form);
    rule.valid_from = reader.optional_time("valid_from");
    rule.valid_to = reader.optional_time("valid_to");
    rule.answered_by_result = reader.optional_flag("answered_by_result").value_or(true);
    check_outcome(reader, rule);
    if (const auto* when = reader.find("when")) {
        read_condition(*when, pointer_to(reader.pointer(), "when"), refusal, rule);
    } else {
        reader.refuse("when", "is missing");
    }
    reader.refuse_unknown_members();
    return rule;
}

json::object write_rule(const Rule& rule) {
    json::object object;
    ObjectBuilder out{object};
    out.text("rule", std::string_view{rule.id});
    out.text("title", std::string_view{rule.title});
    out.text("basis", std::string_view{rule.basis});
    write_words(out, "movements", rule.movements);
    out.place("when") = write_condition(rule);
    out.word<VerdictOutcome>("outcome", rule.outcome);
    out.word<UnknownOutcome>("unknown", rule.unknown);
    out.integer("rate_ppm", rule.rate_ppm);
    out.text("zone", rule.zone);
    out.texts("methods", rule.methods);
    out.time("valid_from", rule.valid_from);
    out.time("valid_to", rule.valid_to);
    object["answered_by_result"] = rule.answered_by_result;
    return object;
}

}  // namespace portcullis::codec
