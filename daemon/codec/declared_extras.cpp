#include "codec/declared_extras.hpp"

#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "codec/order_words.hpp"

namespace portcullis::codec {
namespace {

/// Calls `read(members, name)` for each member of the object `name` of `order`.
template <class Read>
void for_each_extra(ObjectReader& order, std::string_view name, Read&& read) {
    const auto* value = order.find(name);
    if (value == nullptr) {
        return;
    }
    ObjectReader members{*value, pointer_to(order.pointer(), name), order.refusal()};
    const auto* object = value->if_object();
    if (object == nullptr) {
        return;
    }
    if (object->size() > most_declared_extras) {
        order.refuse(
            name, "has " + std::to_string(object->size()) + " members, at most " + std::to_string(most_declared_extras),
            RefusalCause::limits);
        return;
    }
    for (const auto& member : *object) {
        const std::string_view key{member.key()};  // the reader keeps it
        if (!is_word(key)) {
            members.refuse(key, std::string{"its name is not "}.append(word_form));
        }
        read(members, key);
    }
}

}  // namespace

std::map<std::string, std::string, std::less<>> read_attributes(ObjectReader& order) {
    std::map<std::string, std::string, std::less<>> attributes;
    for_each_extra(order, "attributes", [&](ObjectReader& members, std::string_view name) {
        auto text = members.optional_text(name);
        if (text && !is_identifier(*text)) {
            members.refuse(
                name, "has " + std::to_string(text->size()) + " bytes, at most " + std::to_string(longest_identifier),
                RefusalCause::limits);
        }
        if (text) {
            attributes.emplace(name, std::move(*text));
        }
    });
    return attributes;
}

std::map<std::string, WallTime, std::less<>> read_dates(ObjectReader& order) {
    std::map<std::string, WallTime, std::less<>> dates;
    for_each_extra(order, "dates", [&](ObjectReader& members, std::string_view name) {
        if (const auto time = members.optional_time(name)) {
            dates.emplace(name, *time);
        }
    });
    return dates;
}

}  // namespace portcullis::codec
