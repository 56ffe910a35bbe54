#include "codec/pass_value.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/order_words.hpp"
#include "codec/time_of_day.hpp"

namespace portcullis::codec {
namespace {

constexpr std::string_view day_end = "24:00";
constexpr int minutes_of_a_day = 24 * 60;

/// `07:30` as minutes of the day; `24:00` is the day's end.
int read_minute(ObjectReader& reader, std::string_view name) {
    const auto text = reader.text(name);
    const auto minute = text == day_end ? std::optional<std::int64_t>{minutes_of_a_day} : minutes_of(text);
    if (!minute) {
        reader.refuse(name, "\"" + text + "\" is no hour and minute of a day, such as 07:30");
    }
    return static_cast<int>(minute.value_or(0));
}

std::optional<DayWindow> read_hours(ObjectReader& pass) {
    const auto* value = pass.find("hours");
    if (value == nullptr) {
        return std::nullopt;
    }
    ObjectReader reader{*value, pointer_to(pass.pointer(), "hours"), pass.refusal()};
    const int from = read_minute(reader, "from");
    const int to = read_minute(reader, "to");
    reader.refuse_unknown_members();
    if (from == to) {
        pass.refuse("hours", "begin when they end; leave them out for a pass at any hour");
    }
    return DayWindow{from, to};
}

std::optional<PlateNumber> read_plate(ObjectReader& reader) {
    const auto text = reader.text("plate");
    auto plate = PlateNumber::parse(text);
    if (!plate) {
        reader.refuse("plate", plate.error().message());
        return std::nullopt;
    }
    return std::move(plate).value();
}

}  // namespace

std::optional<Pass> read_pass(ObjectReader& reader) {
    auto plate = read_plate(reader);
    if (!plate) {
        return std::nullopt;
    }
    Pass pass{required_text(reader, "pass", is_identifier, identifier_form), reader.word<PassKind>("kind"),
              std::move(*plate)};
    for (auto& lane : listed_texts(reader, "lanes", is_setting_name, setting_name_form)) {
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
        reader.refuse("count", "a visitor needs a count: how many passages the pass is for");
    }
    return pass;
}

void write_pass(const Pass& pass, ObjectBuilder out) {
    out.text("pass", std::string_view{pass.id});
    out.word<PassKind>("kind", pass.kind);
    out.text("plate", std::string_view{pass.plate.text()});
    if (!pass.lanes.empty()) {
        out.all_named("lanes", pass.lanes);
    }
    if (pass.hours) {
        ObjectBuilder hours{out.place("hours").emplace_object()};
        hours.text("from", std::string_view{time_of_day(pass.hours->from)});
        hours.text("to", std::string_view{time_of_day(pass.hours->to)});
    }
    out.time("valid_from", pass.valid_from);
    out.time("valid_to", pass.valid_to);
    out.integer("count", pass.count);
}

}  // namespace portcullis::codec
