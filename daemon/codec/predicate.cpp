#include "codec/predicate.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/order_words.hpp"
#include "codec/predicate_words.hpp"
#include "codec/time_of_day.hpp"
#include "core/plate_number.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_within_h = 24 * 366;

/// The texts of a predicate, each as its kind has them.
void read_texts(ObjectReader& reader, std::string_view name, const PredicateRow& row, Predicate& predicate) {
    auto texts = reader.optional_texts(name, most_predicate_texts);
    if (!texts || texts->empty()) {
        reader.refuse(name, "must be a list of at least one text");
        return;
    }
    const auto words = row.words == nullptr ? std::vector<std::string_view>{} : row.words();
    const auto list = pointer_to(reader.pointer(), name);
    for (std::size_t i = 0; i < texts->size(); ++i) {
        auto& text = (*texts)[i];
        if (row.words != nullptr && std::find(words.begin(), words.end(), text) == words.end()) {
            reader.refusal().add(word_refusal(pointer_to(list, i), text, words));
        } else if (row.check != nullptr && !row.check(text)) {
            reader.refuse_item(name, i, "\"" + text + "\" is not " + row.form);
        } else if (row.kind == PredicateKind::plate) {
            text = PlateNumber::parse(text).value().text();
        }
    }
    std::sort(texts->begin(), texts->end());
    const auto twice = std::adjacent_find(texts->begin(), texts->end());
    if (twice != texts->end()) {
        reader.refuse(name, "names \"" + *twice + "\" twice");
    }
    predicate.texts = std::move(*texts);
}

void read_range(ObjectReader& reader, std::int64_t most, Predicate& predicate) {
    predicate.at_least = reader.optional_integer("at_least", 0, most);
    predicate.at_most = reader.optional_integer("at_most", 0, most);
    if (!predicate.at_least && !predicate.at_most) {
        reader.refuse("at_least", "is missing, and so is at_most: one is needed");
    } else if (predicate.at_least && predicate.at_most && *predicate.at_most < *predicate.at_least) {
        reader.refuse("at_most", "is below at_least: it would never match");
    }
}

void read_within(ObjectReader& reader, Predicate& predicate) {
    predicate.within = std::chrono::hours{reader.integer("within_h", 1, longest_within_h)};
}

std::int64_t read_time_of_day(ObjectReader& reader, std::string_view name) {
    const auto minutes = minutes_of(reader.text(name));
    if (!minutes) {
        reader.refuse(name, "must be a time of day from 00:00 to 23:59");
    }
    return minutes.value_or(0);
}

void read_window(ObjectReader& reader, Predicate& predicate) {
    predicate.at_least = read_time_of_day(reader, "from");
    predicate.at_most = read_time_of_day(reader, "to");
    if (predicate.at_least == predicate.at_most) {
        reader.refuse("to", "is the same as from: the window would be empty");
    }
}

void read_date(ObjectReader& reader, Predicate& predicate) {
    predicate.name = required_text(reader, "name", is_word, word_form);
    predicate.from = reader.optional_time("from");
    predicate.to = reader.optional_time("to");
    if (!predicate.from && !predicate.to) {
        reader.refuse("from", "is missing, and so is to: one is needed");
    } else if (predicate.from && predicate.to && *predicate.to < *predicate.from) {
        reader.refuse("to", "is before from: it would never match");
    }
}

/// All arguments of a shape that is an object; `is` where a list alone would do.
void read_arguments(ObjectReader& reader, const PredicateRow& row, Predicate& predicate) {
    switch (row.shape) {
        case ArgumentShape::texts:
            read_texts(reader, "is", row, predicate);
            return;
        case ArgumentShape::range:
            read_range(reader, row.most, predicate);
            return;
        case ArgumentShape::counted:
            read_range(reader, row.most, predicate);
            read_within(reader, predicate);
            return;
        case ArgumentShape::sighted:
            read_texts(reader, "is", row, predicate);
            read_within(reader, predicate);
            return;
        case ArgumentShape::window:
            read_window(reader, predicate);
            return;
        case ArgumentShape::named:
            predicate.name = required_text(reader, "name", is_word, word_form);
            read_texts(reader, "is", row, predicate);
            return;
        case ArgumentShape::dated:
            read_date(reader, predicate);
            return;
    }
}

}  // namespace

Predicate read_predicate(ObjectReader& condition, PredicateKind kind) {
    Predicate predicate;
    predicate.kind = kind;
    const auto& row = predicate_row(kind);
    const auto name = text_of(kind);
    if (row.shape == ArgumentShape::texts) {
        read_texts(condition, name, row, predicate);
        return predicate;
    }
    const auto* value = condition.find(name);
    if (value == nullptr) {
        condition.refuse(name, "must be an object");
        return predicate;
    }
    ObjectReader arguments{*value, pointer_to(condition.pointer(), name), condition.refusal()};
    read_arguments(arguments, row, predicate);
    arguments.refuse_unknown_members();
    return predicate;
}

std::optional<Predicate> read_order_condition(const json::object& condition) {
    const json::value value(condition);  // in braces it would be a list of one
    FirstRefusal refusal;
    ObjectReader reader{value, {}, refusal};
    const auto kind = enum_from<PredicateKind>(reader.text("kind"));
    if (!kind) {
        return std::nullopt;
    }
    Predicate predicate;
    predicate.kind = *kind;
    read_arguments(reader, predicate_row(*kind), predicate);
    reader.refuse_unknown_members();
    return refusal ? std::nullopt : std::optional{std::move(predicate)};
}

void write_predicate(const Predicate& predicate, json::object& condition) {
    const auto name = text_of(predicate.kind);
    const auto shape = predicate_row(predicate.kind).shape;
    if (shape == ArgumentShape::texts) {
        condition[name] = json::array(predicate.texts.begin(), predicate.texts.end());
        return;
    }
    ObjectBuilder out{condition[name].emplace_object()};
    if (shape == ArgumentShape::window) {
        out.text("from", std::string_view{time_of_day(predicate.at_least.value_or(0))});
        out.text("to", std::string_view{time_of_day(predicate.at_most.value_or(0))});
        return;
    }
    if (shape == ArgumentShape::named || shape == ArgumentShape::dated) {
        out.text("name", std::string_view{predicate.name});
    }
    if (shape == ArgumentShape::named || shape == ArgumentShape::sighted) {
        out.texts("is", predicate.texts);
    }
    out.integer("at_least", predicate.at_least);
    out.integer("at_most", predicate.at_most);
    if (predicate.within) {
        out.integer("within_h", predicate.within->count());
    }
    out.time("from", predicate.from);
    out.time("to", predicate.to);
}

}  // namespace portcullis::codec
