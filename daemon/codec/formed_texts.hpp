#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/object_reader.hpp"
#include "codec/order_words.hpp"

/// Members that are texts of a certain form (order_words.hpp).
namespace portcullis::codec {

inline constexpr std::size_t most_listed = 1000;  ///< plates, declarations, gates, … of one order or rule

using TextCheck = bool (*)(std::string_view);

/// A text of a certain form that must be there.
[[nodiscard]] std::string required_text(ObjectReader& reader, std::string_view name, TextCheck check, const char* form);

/// An optional text of a certain form.
[[nodiscard]] std::optional<std::string> formed_text(ObjectReader& reader, std::string_view name, TextCheck check,
                                                     const char* form);

/// An optional list of texts of a certain form.
[[nodiscard]] std::optional<std::vector<std::string>> formed_texts(ObjectReader& reader, std::string_view name,
                                                                   TextCheck check, const char* form,
                                                                   std::size_t most = most_listed);

/// The same, where nothing and empty are the same.
[[nodiscard]] std::vector<std::string> listed_texts(ObjectReader& reader, std::string_view name, TextCheck check,
                                                    const char* form, std::size_t most = most_listed);

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

/// The same of a member that must be there; nothing = the document is refused.
template <class Parsed>
std::optional<Parsed> required_parsed(ObjectReader& reader, std::string_view name) {
    if (reader.find(name) == nullptr) {
        reader.refuse(name, "is missing");
        return std::nullopt;
    }
    return parsed_text<Parsed>(reader, name);
}

/// For whom a document is: `gates` names at least one, or `*`.
[[nodiscard]] std::string read_terminal(ObjectReader& reader);
[[nodiscard]] std::vector<std::string> read_gates(ObjectReader& reader);

}  // namespace portcullis::codec
