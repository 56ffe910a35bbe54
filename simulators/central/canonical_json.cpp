#include "simulators/central/canonical_json.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace portcullis::central {
namespace {

/// The UTF-16 code units of UTF-8 that Boost.JSON has checked: RFC 8785 sorts member names by them.
std::u16string utf16(std::string_view text) {
    std::u16string units;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            point = point << 6U | (static_cast<unsigned char>(text.at(i + k)) & 0x3FU);
        }
        if (point < 0x10000) {
            units.push_back(static_cast<char16_t>(point));
        } else {
            units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U)));
            units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU)));
        }
        i += length;
    }
    return units;
}

void write_text(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.push_back('"');
    for (const char character : text) {
        constexpr std::string_view named = "\b\t\n\f\r\"\\";
        constexpr std::string_view letters = "btnfr\"\\";
        const auto byte = static_cast<unsigned char>(character);
        if (const auto at = named.find(character); at != std::string_view::npos) {
            out.push_back('\\');
            out.push_back(letters[at]);
        } else if (byte < 0x20) {
            out.append("\\u00");
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 15U]);
        } else {
            out.push_back(character);
        }
    }
    out.push_back('"');
}

void write(std::string& out, const boost::json::value& value);

void write_object(std::string& out, const boost::json::object& object) {
    std::vector<const boost::json::key_value_pair*> members;
    for (const auto& member : object) {
        members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* left, const auto* right) { return utf16(left->key()) < utf16(right->key()); });
    out.push_back('{');
    for (const auto* member : members) {
        if (out.back() != '{') {
            out.push_back(',');
        }
        write_text(out, member->key());
        out.push_back(':');
        write(out, member->value());
    }
    out.push_back('}');
}

void write(std::string& out, const boost::json::value& value) {
    if (value.is_string()) {
        write_text(out, value.get_string());
    } else if (value.is_int64()) {
        out.append(std::to_string(value.get_int64()));
    } else if (value.is_object()) {
        write_object(out, value.get_object());
    } else if (value.is_array()) {
        out.push_back('[');
        for (const auto& item : value.get_array()) {
            if (out.back() != '[') {
                out.push_back(',');
            }
            write(out, item);
        }
        out.push_back(']');
    } else {
        throw std::invalid_argument("an event holds whole numbers, texts, lists and objects only");
    }
}

}  // namespace

std::string canonical_json(const boost::json::value& value) {
    std::string out;
    write(out, value);
    return out;
}

}  // namespace portcullis::central
