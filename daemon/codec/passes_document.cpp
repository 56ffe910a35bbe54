#include "codec/passes_document.hpp"

#include <boost/json/array.hpp>
#include <set>
#include <utility>

#include "codec/digest.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits limits{most_passes_bytes, 8};
constexpr std::int64_t most_passages = 1'000'000;

/// `07:30` as minutes of the day; `24:00` is the day's end.
std::optional<int> minute_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    for (const auto at : {0U, 1U, 3U, 4U}) {
        if (!is_digit(text[at])) {
            return std::nullopt;
        }
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    const int of_day = hour * 60 + minute;
    return minute < 60 && of_day <= 24 * 60 ? std::optional{of_day} : std::nullopt;
}

int read_minute(ObjectReader& reader, std::string_view name) {
    const auto text = reader.text(name);
    const auto minute = minute_of(text);
    if (!minute) {
        reader.refuse(name, "\"" + text + "\" is no hour and minute of a day, such as 07:30");
    }
    return minute.value_or(0);
}

std::optional<DayWindow> read_hours(ObjectReader& pass) {
    const auto* value = pass.find("hours");
    if (value == nullptr) {
        return std::nullopt;
    }
    ObjectReader reader{*value, pointer_to(pass.pointer(), "hours"), pass.refusal()};
    const DayWindow hours{read_minute(reader, "from"), read_minute(reader, "to")};
    reader.refuse_unknown_members();
    if (hours.from == hours.to) {
        pass.refuse("hours", "begin when they end; leave them out for a pass at any hour");
    }
    return hours;
}

/// Nothing = the document is refused.
std::optional<Pass> read_pass(ObjectReader reader) {
    auto plate = required_parsed<PlateNumber>(reader, "plate");
    if (!plate) {
        return std::nullopt;
    }
    Pass pass{required_text(reader, "pass", is_identifier, identifier_form), reader.word<PassKind>("kind"),
              std::move(*plate)};
    pass.holder = formed_text(reader, "holder", is_identifier, identifier_form).value_or(std::string{});
    if (looks_like_digest(pass.holder)) {
        reader.refuse("holder", "looks like the digest of an erased value");
    }
    for (auto& lane :
         formed_texts(reader, "lanes", is_setting_name, setting_name_form).value_or(std::vector<std::string>{})) {
        pass.lanes.emplace_back(std::move(lane));
    }
    pass.hours = read_hours(reader);
    pass.valid_from = reader.time("valid_from");
    pass.valid_to = reader.time("valid_to");
    if (pass.valid_to <= pass.valid_from) {
        reader.refuse("valid_to", "is not after valid_from");
    }
    if (const auto count = reader.optional_integer("count", 1, most_passages)) {
        pass.count = static_cast<int>(*count);
    }
    if (pass.kind == PassKind::visitor && !pass.count) {
        reader.refuse("count", "is missing: a visitor comes a number of times");
    }
    reader.refuse_unknown_members();
    return pass;
}

PassList read_head(ObjectReader& reader) {
    PassList list;
    if (reader.text("kind") != passes_kind) {
        reader.refuse("kind", "must be passes");
    }
    list.version = reader.integer("version", 1, widest_integer);
    list.terminal = read_terminal(reader);
    list.gates = read_gates(reader);
    list.issued = reader.time("issued");
    list.expires = reader.time("expires");
    if (list.expires <= list.issued) {
        reader.refuse("expires", "is not after issued");
    }
    return list;
}

}  // namespace

Result<PassList, Refusal> read_passes(std::string_view payload) {
    const auto document = parse_json(payload, limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    auto list = read_head(reader);
    const auto& passes = reader.array("passes");
    reader.refuse_unknown_members();
    if (passes.size() > most_passes) {
        reader.refuse("passes", std::to_string(passes.size()) + " passes, at most " + std::to_string(most_passes),
                      RefusalCause::limits);
    }
    std::set<std::string> ids;
    list.passes.reserve(passes.size());
    for (std::size_t i = 0; i < passes.size() && !refusal; ++i) {
        auto pass = read_pass(ObjectReader{passes[i], pointer_to("/passes", i), refusal});
        if (pass && !ids.insert(pass->id).second) {
            reader.refuse_item("passes", i, "\"" + pass->id + "\" is the id of another pass too");
        }
        if (pass) {
            list.passes.push_back(std::move(*pass));
        }
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return list;
}

}  // namespace portcullis::codec
