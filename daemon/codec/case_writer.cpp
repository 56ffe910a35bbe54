#include "codec/object_builder.hpp"
#include "codec/ruleset_parts.hpp"
#include "codec/stated_passage.hpp"
#include "codec/word_list.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

void write_expected(const ExpectedVerdict& expected, ObjectBuilder out) {
    out.word<VerdictOutcome>("outcome", expected.outcome);
    write_words(out, "reasons", expected.reasons);
    out.texts("rules", expected.rules);
    out.text("zone", expected.zone);
    out.texts("methods", expected.methods);
}

}  // namespace

json::object write_case(const RulesetCase& one) {
    json::object object;
    ObjectBuilder out{object};
    out.text("case", std::string_view{one.id});
    out.text("says", std::string_view{one.says});
    write_stated_passage(one.facts, one.orders, one.basis, object);
    write_expected(one.expected, ObjectBuilder{out.place("expect").emplace_object()});
    return object;
}

}  // namespace portcullis::codec
