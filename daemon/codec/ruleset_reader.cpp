#include <boost/json/array.hpp>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/ruleset.hpp"
#include "codec/ruleset_parts.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

/// Conditions nest in objects and lists by turns.
constexpr JsonLimits limits{most_ruleset_bytes, 64};

void read_head(ObjectReader& reader, Ruleset& ruleset) {
    if (reader.text("kind") != ruleset_kind) {
        reader.refuse("kind", "must be ruleset");
    }
    ruleset.version = reader.integer("version", 1, widest_integer);
    ruleset.terminal = read_terminal(reader);
    ruleset.gates = read_gates(reader);
    ruleset.issued = reader.time("issued");
    ruleset.effective = reader.optional_time("effective");
    ruleset.expires = reader.time("expires");
    if (*ruleset.expires <= ruleset.issued) {
        reader.refuse("expires", "is not after issued");
    }
    if (ruleset.effective && *ruleset.effective >= *ruleset.expires) {
        reader.refuse("effective", "is not before expires");
    }
}

/// The objects of the list `name`, each by `read`; no more of them than `most`.
template <class Item, class Read>
void read_list(ObjectReader& reader, std::string_view name, std::size_t most, std::vector<Item>& items, Read&& read) {
    const auto* value = reader.find(name);
    if (value == nullptr) {
        return;
    }
    const auto* list = value->if_array();
    if (list == nullptr) {
        reader.refuse(name, "must be a list");
        return;
    }
    if (list->size() > most) {
        reader.refuse(name, std::to_string(list->size()) + " items, at most " + std::to_string(most),
                      RefusalCause::limits);
        return;
    }
    const auto place = pointer_to(reader.pointer(), name);
    for (std::size_t i = 0; i < list->size() && !reader.refusal().full(); ++i) {
        items.push_back(read((*list)[i], pointer_to(place, i), reader.refusal()));
    }
}

RulesetDocument read_document(const json::value& value, FirstRefusal& refusal) {
    ObjectReader reader{value, {}, refusal};
    RulesetDocument document;
    read_head(reader, document.ruleset);
    read_settings(reader, document.ruleset);
    if (reader.find("rules") == nullptr) {
        reader.refuse("rules", "is missing");
    }
    read_list(reader, "rules", most_rules, document.ruleset.rules, read_rule);
    read_list(reader, "cases", most_cases, document.cases, read_case);
    reader.refuse_unknown_members();
    check_ruleset(document, refusal);
    return document;
}

}  // namespace

Result<RulesetDocument, Refusal> read_ruleset(std::string_view payload) {
    const auto value = parse_json(payload, limits);
    if (!value) {
        return Failure{value.error()};
    }
    FirstRefusal refusal;
    auto document = read_document(*value, refusal);
    if (refusal) {
        return Failure{refusal.get()};
    }
    return document;
}

std::vector<Refusal> ruleset_refusals(std::string_view payload, std::size_t most) {
    const auto value = parse_json(payload, limits);
    if (!value) {
        return {value.error()};
    }
    FirstRefusal refusal{most};
    static_cast<void>(read_document(*value, refusal));
    return refusal.all();
}

}  // namespace portcullis::codec
