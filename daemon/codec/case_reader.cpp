#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/order_words.hpp"
#include "codec/ruleset_parts.hpp"
#include "codec/stated_passage.hpp"
#include "codec/word_list.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

ExpectedVerdict read_expected(ObjectReader& document) {
    ExpectedVerdict expected;
    const auto* value = document.find("expect");
    if (value == nullptr) {
        document.refuse("expect", "is missing");
        return expected;
    }
    ObjectReader reader{*value, pointer_to(document.pointer(), "expect"), document.refusal()};
    expected.outcome = reader.word<VerdictOutcome>("outcome");
    expected.reasons = word_list<ReasonCode>(reader, "reasons");
    expected.rules = formed_texts(reader, "rules", is_setting_name, setting_name_form);
    expected.zone = formed_text(reader, "zone", is_setting_name, setting_name_form);
    expected.methods = formed_texts(reader, "methods", is_word, word_form);
    reader.refuse_unknown_members();
    return expected;
}

}  // namespace

RulesetCase read_case(const json::value& value, std::string pointer, FirstRefusal& refusal) {
    ObjectReader reader{value, std::move(pointer), refusal};
    RulesetCase one;
    one.id = required_text(reader, "case", is_setting_name, setting_name_form);
    one.says = reader.text("says", 512);
    StatedPassage passage;
    read_stated_passage(reader, passage);
    one.facts = std::move(passage.facts);
    one.orders = std::move(passage.orders);
    one.basis = passage.basis;
    one.expected = read_expected(reader);
    reader.refuse_unknown_members();
    return one;
}

}  // namespace portcullis::codec
