#include "codec/formed_texts.hpp"

namespace portcullis::codec {
namespace {

std::string is_not(std::string_view text, const char* form) {
    return std::string{"\""}.append(text).append("\" is not ").append(form);
}

}  // namespace

std::string required_text(ObjectReader& reader, std::string_view name, TextCheck check, const char* form) {
    auto text = reader.text(name);
    if (!text.empty() && !check(text)) {
        reader.refuse(name, is_not(text, form));
    }
    return text;
}

std::optional<std::string> formed_text(ObjectReader& reader, std::string_view name, TextCheck check, const char* form) {
    auto text = reader.optional_text(name);
    if (text && !check(*text)) {
        reader.refuse(name, is_not(*text, form));
    }
    return text;
}

std::optional<std::vector<std::string>> formed_texts(ObjectReader& reader, std::string_view name, TextCheck check,
                                                     const char* form, std::size_t most) {
    auto texts = reader.optional_texts(name, most);
    for (std::size_t i = 0; texts && i < texts->size(); ++i) {
        if (!check((*texts)[i])) {
            reader.refuse_item(name, i, is_not((*texts)[i], form));
        }
    }
    return texts;
}

std::vector<std::string> listed_texts(ObjectReader& reader, std::string_view name, TextCheck check, const char* form,
                                      std::size_t most) {
    return formed_texts(reader, name, check, form, most).value_or(std::vector<std::string>{});
}

std::string read_terminal(ObjectReader& reader) {
    return required_text(reader, "terminal", is_audience_name, audience_name_form);
}

std::vector<std::string> read_gates(ObjectReader& reader) {
    auto gates = listed_texts(reader, "gates", is_audience_or_all, audience_name_form);
    if (gates.empty()) {
        reader.refuse("gates", "must name at least one gate, or \"*\"");
    }
    return gates;
}

}  // namespace portcullis::codec
