#include "codec/object_reader.hpp"

#include "codec/json.hpp"
#include "core/config_node.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {

std::optional<std::string> text_defect(std::string_view text, std::size_t most_bytes) {
    if (text.empty()) {
        return "must not be empty: leave it out or write null for unknown";
    }
    if (text.size() > most_bytes) {
        return "has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(most_bytes);
    }
    const auto is_control = [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7F;
    };
    if (std::any_of(text.begin(), text.end(), is_control)) {
        return "holds a control character";
    }
    return std::nullopt;
}

std::string nearest_hint(std::string_view given, const std::vector<std::string_view>& words) {
    const auto near = nearest_word(given, words);
    return near ? "did you mean `" + *near + "`?" : std::string{};
}

Refusal word_refusal(std::string pointer, std::string_view given, const std::vector<std::string_view>& words) {
    std::string reason = "\"" + std::string{given} + "\" is none of: ";
    for (const auto& word : words) {
        reason.append(&word == &words.front() ? "" : ", ").append(word);
    }
    return {RefusalCause::parse, std::move(pointer), std::move(reason), nearest_hint(given, words)};
}

ObjectReader::ObjectReader(const boost::json::value& value, std::string pointer, FirstRefusal& refusal)
    : object_(value.if_object()), pointer_(std::move(pointer)), refusal_(refusal) {
    if (object_ == nullptr) {
        refusal_.add({RefusalCause::parse, pointer_, "must be an object"});
    }
}

const boost::json::value* ObjectReader::find(std::string_view name) {
    const bool first_time = std::find(asked_.begin(), asked_.end(), name) == asked_.end();
    if (first_time) {
        asked_.push_back(name);
    }
    const auto* value = object_ == nullptr ? nullptr : object_->if_contains(name);
    if (value == nullptr) {
        return nullptr;
    }
    present_ += first_time ? 1 : 0;
    return value->is_null() ? nullptr : value;
}

const boost::json::value* ObjectReader::require(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) {
        refuse(name, "is missing");
    }
    return value;
}

void ObjectReader::refuse(std::string_view name, std::string reason, RefusalCause cause) {
    refusal_.add({cause, pointer_to(pointer_, name), std::move(reason)});
}

void ObjectReader::refuse_word(std::string_view name, std::string_view given,
                               const std::vector<std::string_view>& words) {
    if (!refusal_.full()) {
        refusal_.add(word_refusal(pointer_to(pointer_, name), given, words));
    }
}

void ObjectReader::refuse_item(std::string_view name, std::size_t index, std::string reason, RefusalCause cause) {
    refusal_.add({cause, pointer_to(pointer_to(pointer_, name), index), std::move(reason)});
}

void ObjectReader::refuse_unknown_members() {
    if (object_ == nullptr || present_ == object_->size()) {
        return;
    }
    for (const auto& member : *object_) {
        if (std::find(asked_.begin(), asked_.end(), std::string_view{member.key()}) == asked_.end()) {
            if (refusal_.full()) {
                return;
            }
            refusal_.add({RefusalCause::parse, pointer_to(pointer_, member.key()), "is not known here",
                          nearest_hint(member.key(), asked_)});
        }
    }
}

std::string ObjectReader::text_of(const boost::json::value& value, std::string_view name, std::size_t most_bytes) {
    const auto* text = value.if_string();
    if (text == nullptr) {
        refuse(name, "must be a text");
        return {};
    }
    if (auto defect = text_defect(*text, most_bytes)) {
        refuse(name, std::move(*defect), text->size() > most_bytes ? RefusalCause::limits : RefusalCause::parse);
    }
    return std::string{*text};
}

std::string ObjectReader::text(std::string_view name, std::size_t most_bytes) {
    const auto* value = require(name);
    return value == nullptr ? std::string{} : text_of(*value, name, most_bytes);
}

std::optional<std::string> ObjectReader::optional_text(std::string_view name) {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional{text_of(*value, name, longest_text)};
}

std::int64_t ObjectReader::integer_of(const boost::json::value& value, std::string_view name, std::int64_t least,
                                      std::int64_t most) {
    const auto* number = value.if_int64();
    if (number == nullptr || *number < least || *number > most) {
        refuse(name, "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
        return least;
    }
    return *number;
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = require(name);
    return value == nullptr ? least : integer_of(*value, name, least, most);
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view name, std::int64_t least,
                                                           std::int64_t most) {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional{integer_of(*value, name, least, most)};
}

std::optional<bool> ObjectReader::optional_flag(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_bool()) {
        refuse(name, "must be true, false or null");
        return std::nullopt;
    }
    return value->get_bool();
}

WallTime ObjectReader::time_of(const boost::json::value& value, std::string_view name) {
    const auto* text = value.if_string();
    const auto time = text == nullptr ? std::nullopt : time_from_text(*text);
    if (!time) {
        refuse(name, "must be a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z");
    }
    return time.value_or(WallTime{});
}

WallTime ObjectReader::time(std::string_view name) {
    const auto* value = require(name);
    return value == nullptr ? WallTime{} : time_of(*value, name);
}

std::optional<WallTime> ObjectReader::optional_time(std::string_view name) {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional{time_of(*value, name)};
}

const boost::json::array& ObjectReader::array(std::string_view name) {
    static const boost::json::array none;
    const auto* value = require(name);
    if (value == nullptr) {
        return none;
    }
    if (!value->is_array()) {
        refuse(name, "must be a list");
        return none;
    }
    return value->get_array();
}

std::optional<std::vector<std::string>> ObjectReader::optional_texts(std::string_view name, std::size_t most) {
    const auto* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto* items = value->if_array();
    if (items == nullptr) {
        refuse(name, "must be a list");
        return std::nullopt;
    }
    if (items->size() > most) {
        refuse(name, "has " + std::to_string(items->size()) + " items, at most " + std::to_string(most),
               RefusalCause::limits);
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const auto& item : *items) {
        const auto* text = item.if_string();
        const auto defect =
            text == nullptr ? std::optional<std::string>{"must be a text"} : text_defect(*text, longest_text);
        if (defect) {
            refuse_item(name, texts.size(), *defect);
            return std::nullopt;
        }
        texts.emplace_back(*text);
    }
    return texts;
}

}  // namespace portcullis::codec
