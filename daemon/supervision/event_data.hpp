#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_text.hpp"
#include "core/value.hpp"

/// Members of an event's data, as they are where it is counted or remembered.
namespace portcullis::supervision {

[[nodiscard]] inline std::string_view text_at(const Value& data, std::string_view name) {
    const auto* member = data.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

[[nodiscard]] inline std::optional<std::int64_t> number_at(const Value& data, std::string_view name) {
    const auto* member = data.find(name);
    const auto* number = member == nullptr ? nullptr : member->get<std::int64_t>();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

[[nodiscard]] inline const List& list_at(const Value& data, std::string_view name) {
    static const List none;
    const auto* member = data.find(name);
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    return list == nullptr ? none : *list;
}

template <class Enum>
[[nodiscard]] Enum word_at(const Value& data, std::string_view name, Enum otherwise) {
    return enum_from<Enum>(text_at(data, name)).value_or(otherwise);
}

}  // namespace portcullis::supervision
