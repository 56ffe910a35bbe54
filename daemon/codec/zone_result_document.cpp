#include "codec/zone_result_document.hpp"

#include <boost/json/object.hpp>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "core/time_text.hpp"
#include "core/value.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits limits{most_zone_result_bytes, 8};
constexpr std::size_t most_measurements = 64;

/// `sampling`, `rule:<id>` or `order:<authority>:<order id>`.
constexpr auto answer_form = "one of: sampling, rule:<id>, order:<authority>:<order id>";
bool is_answer(std::string_view text) {
    constexpr std::string_view rule = "rule:";
    constexpr std::string_view order = "order:";
    if (text == "sampling") {
        return true;
    }
    if (text.starts_with(rule)) {
        return is_identifier(text.substr(rule.size()));
    }
    if (!text.starts_with(order)) {
        return false;
    }
    text.remove_prefix(order.size());
    const auto colon = text.find(':');
    return colon != std::string_view::npos && colon > 0 && is_authority(text.substr(0, colon)) &&
           is_identifier(text.substr(colon + 1));
}

void refuse_digest(ObjectReader& reader, std::string_view name, std::string_view person) {
    if (looks_like_digest(person)) {
        reader.refuse(name, "looks like the digest of an erased value");
    }
}

std::vector<std::string> texts(ObjectReader& reader, std::string_view name, TextCheck check, const char* form) {
    return formed_texts(reader, name, check, form).value_or(std::vector<std::string>{});
}

/// A list that must be there, if only as `[]`: what an inspection found is never left open.
std::vector<std::string> said_texts(ObjectReader& reader, std::string_view name, TextCheck check, const char* form) {
    if (reader.find(name) == nullptr) {
        reader.refuse(name, "is missing; [] says that there is none");
    }
    return texts(reader, name, check, form);
}

std::map<std::string, std::string, std::less<>> read_measurements(ObjectReader& document) {
    std::map<std::string, std::string, std::less<>> measurements;
    const auto* value = document.find("measurements");
    if (value == nullptr) {
        return measurements;
    }
    ObjectReader reader{*value, pointer_to(document.pointer(), "measurements"), document.refusal()};
    const auto* object = value->if_object();
    if (object == nullptr) {
        return measurements;
    }
    if (object->size() > most_measurements) {
        document.refuse("measurements", "has more than " + std::to_string(most_measurements) + " members",
                        RefusalCause::limits);
        return measurements;
    }
    for (const auto& member : *object) {
        const std::string_view name{member.key()};
        if (!is_word(name)) {
            reader.refuse(name, std::string{"its name is not "}.append(word_form));
        }
        measurements.emplace(name, reader.text(name));
    }
    return measurements;
}

ZoneResult read_result(ObjectReader& reader, const ContainerNumber& container) {
    ZoneResult result{required_text(reader, "result_id", is_identifier, identifier_form),
                      container,
                      required_text(reader, "zone", is_setting_name, setting_name_form),
                      reader.word<ZoneResultState>("result", {ZoneResultState::none}),
                      said_texts(reader, "methods", is_word, word_form),
                      said_texts(reader, "answers", is_answer, answer_form),
                      texts(reader, "old_seals", is_identifier, identifier_form),
                      said_texts(reader, "new_seals", is_identifier, identifier_form),
                      said_texts(reader, "inspectors", is_identifier, identifier_form),
                      required_text(reader, "approver", is_identifier, identifier_form),
                      reader.time("started"),
                      reader.time("ended")};
    for (const auto& inspector : result.inspectors) {
        refuse_digest(reader, "inspectors", inspector);
    }
    if (result.inspectors.empty()) {
        reader.refuse("inspectors", "names nobody");
    }
    refuse_digest(reader, "approver", result.approver);
    if (result.ended < result.started) {
        reader.refuse("ended", "is before started");
    }
    return result;
}

List list_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

}  // namespace

Result<ZoneResultDocument, Refusal> read_zone_result(std::string_view payload) {
    const auto parsed = parse_json(payload, limits);
    if (!parsed) {
        return Failure{parsed.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*parsed, {}, refusal};
    if (reader.text("kind") != zone_result_kind) {
        reader.refuse("kind", "must be zone_result");
    }
    const auto container = required_parsed<ContainerNumber>(reader, "container");
    if (!container) {
        return Failure{refusal.get()};
    }
    ZoneResultDocument document{read_terminal(reader),           read_gates(reader),
                                reader.time("issued"),           reader.time("expires"),
                                read_result(reader, *container), read_measurements(reader)};
    if (document.expires <= document.issued) {
        reader.refuse("expires", "is not after issued");
    }
    reader.refuse_unknown_members();
    if (refusal) {
        return Failure{refusal.get()};
    }
    return document;
}

std::string write_zone_result(const ZoneResultDocument& document) {
    Object measurements;
    for (const auto& [name, text] : document.measurements) {
        measurements.push_back({name, text});
    }
    auto members = zone_result_members(document.result);
    members.insert(members.end(), {{"kind", zone_result_kind},
                                   {"terminal", document.terminal},
                                   {"gates", list_of(document.gates)},
                                   {"issued", time_text(document.issued)},
                                   {"expires", time_text(document.expires)},
                                   {"inspectors", list_of(document.result.inspectors)},
                                   {"approver", document.result.approver},
                                   {"measurements", std::move(measurements)}});
    // What was read has a canonical form: texts without control characters, and no number at all.
    return canonical_text(Value{std::move(members)}).value();
}

Object zone_result_members(const ZoneResult& result) {
    return {{"result_id", result.id},
            {"container", result.container.text()},
            {"zone", result.zone},
            {"result", text_of(result.result)},
            {"methods", list_of(result.methods)},
            {"answers", list_of(result.answers)},
            {"old_seals", list_of(result.old_seals)},
            {"new_seals", list_of(result.new_seals)},
            {"started", time_text(result.started)},
            {"ended", time_text(result.ended)}};
}

}  // namespace portcullis::codec
