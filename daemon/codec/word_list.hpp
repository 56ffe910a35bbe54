#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <string_view>
#include <vector>

#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"

/// Lists of words of an enum. Only for the .cpp files of this room.
namespace portcullis::codec {

/// The words of the list `name`, none twice; nothing and empty are the same. `unknown` is no word here.
template <HasTexts Enum>
std::vector<Enum> word_list(ObjectReader& reader, std::string_view name) {
    std::vector<std::string_view> words;
    for (const auto& row : enum_texts<Enum>) {
        if (row.text != "unknown") {
            words.push_back(row.text);
        }
    }
    std::vector<Enum> list;
    const auto texts = reader.optional_texts(name, words.size());
    for (std::size_t i = 0; texts && i < texts->size(); ++i) {
        const auto& text = (*texts)[i];
        const auto word = enum_from<Enum>(text);
        if (!word || text == "unknown") {
            reader.refusal().add(word_refusal(pointer_to(pointer_to(reader.pointer(), name), i), text, words));
        } else if (std::find(list.begin(), list.end(), *word) != list.end()) {
            reader.refuse_item(name, i, "stands here for the second time");
        } else {
            list.push_back(*word);
        }
    }
    return list;
}

template <HasTexts Enum>
void write_words(ObjectBuilder& out, std::string_view name, const std::vector<Enum>& list) {
    boost::json::array array;
    for (const auto value : list) {
        array.emplace_back(text_of(value));
    }
    out.place(name) = std::move(array);
}

}  // namespace portcullis::codec
