#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace portcullis {

/// The text of a member; empty when there is none, or it is no text.
[[nodiscard]] inline std::string text_member(const Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

/// Nothing when there is no such member, or it is no number.
[[nodiscard]] inline std::optional<std::int64_t> number_member(const Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* number = member == nullptr ? nullptr : member->get<std::int64_t>();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

}  // namespace portcullis
