#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/object_reader.hpp"
#include "codec/order_words.hpp"
#include "core/plate_number.hpp"

/// Members of documents whose texts have a certain form. Only for the .cpp files of this room.
namespace portcullis::codec {

using TextCheck = bool (*)(std::string_view);

inline constexpr std::size_t most_listed = 1000;  ///< plates, declarations, gates, … of one object

/// An optional text of a certain form.
inline std::optional<std::string> formed_text(ObjectReader& reader, std::string_view name, TextCheck check,
                                              const char* form) {
    auto text = reader.optional_text(name);
    if (text && !check(*text)) {
        reader.refuse(name, "\"" + *text + "\" is not " + form);
    }
    return text;
}

/// A mandatory one.
inline std::string required_text(ObjectReader& reader, std::string_view name, TextCheck check, const char* form) {
    if (reader.find(name) == nullptr) {
        reader.refuse(name, "is missing");
        return {};
    }
    return formed_text(reader, name, check, form).value_or(std::string{});
}

/// An optional list of texts of a certain form.
inline std::optional<std::vector<std::string>> formed_texts(ObjectReader& reader, std::string_view name,
                                                            TextCheck check, const char* form) {
    auto texts = reader.optional_texts(name, most_listed);
    for (std::size_t i = 0; texts && i < texts->size(); ++i) {
        if (!check((*texts)[i])) {
            reader.refuse_item(name, i, "\"" + (*texts)[i] + "\" is not " + form);
        }
    }
    return texts;
}

/// An optional number of its own grammar: a container's, a plate.
template <class Parsed>
std::optional<Parsed> parsed_text(ObjectReader& reader, std::string_view name) {
    const auto text = reader.optional_text(name);
    if (!text) {
        return std::nullopt;
    }
    auto parsed = Parsed::parse(*text);
    if (!parsed) {
        reader.refuse(name, "\"" + *text + "\": " + parsed.error().message());
        return std::nullopt;
    }
    return std::move(parsed).value();
}

/// A mandatory one; nothing = the document is refused.
template <class Parsed>
std::optional<Parsed> required_parsed(ObjectReader& reader, std::string_view name) {
    if (reader.find(name) == nullptr) {
        reader.refuse(name, "is missing");
        return std::nullopt;
    }
    return parsed_text<Parsed>(reader, name);
}

/// For whom a document is: `gates` names at least one, or `*`.
inline std::string read_terminal(ObjectReader& reader) {
    return required_text(reader, "terminal", is_audience_name, audience_name_form);
}
inline std::vector<std::string> read_gates(ObjectReader& reader) {
    auto gates =
        formed_texts(reader, "gates", is_audience_or_all, audience_name_form).value_or(std::vector<std::string>{});
    if (gates.empty()) {
        reader.refuse("gates", "must name at least one gate, or \"*\"");
    }
    return gates;
}

}  // namespace portcullis::codec
