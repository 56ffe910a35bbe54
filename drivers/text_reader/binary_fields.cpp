#include "drivers/text_reader/binary_fields.hpp"

#include <algorithm>

#include "drivers/framing/framing.hpp"
#include "drivers/hex_digits.hpp"

namespace portcullis::drivers {

BinaryFields::Field BinaryFields::read_field(FrameField meaning, const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::int64_t furthest = 1023;
    constexpr std::int64_t longest = 64;
    constexpr std::int64_t longest_integer = 8;
    Field field;
    field.meaning = meaning;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return field;
    }
    if (const auto* as = node.require("as", problems)) {
        field.as = as->word<BytesAs>(problems).value_or(field.as);
    }
    if (const auto* at = node.require("at", problems)) {
        field.at = static_cast<std::size_t>(at->integer(problems, 0, furthest));
    }
    if (const auto* length = node.require("length", problems)) {
        const auto most = field.as == BytesAs::integer ? longest_integer : longest;
        field.length = static_cast<std::size_t>(length->integer(problems, 1, most));
    }
    if (const auto* order = node.find("order")) {
        field.order = order->word<FieldOrder>(problems).value_or(field.order);
    }
    return field;
}

BinaryFields BinaryFields::read(const ConfigNode& fields, const ConfigNode* match, ConfigProblems& problems) {
    constexpr std::int64_t furthest = 1023;
    BinaryFields read;
    (void)fields.require("text", problems);
    for (const auto& row : enum_texts<FrameField>) {
        const auto* node = row.value == FrameField::ignore ? nullptr : fields.find(row.text);
        if (node != nullptr) {
            read.fields_.push_back(read_field(row.value, *node, problems));
        }
    }
    if (match == nullptr) {
        return read;
    }
    for (const auto& item : match->items()) {
        Match one;
        if (const auto* at = item.require("at", problems)) {
            one.at = static_cast<std::size_t>(at->integer(problems, 0, furthest));
        }
        if (const auto* bytes = item.require("bytes", problems)) {
            const auto given = hex_bytes(bytes->text(problems));
            if (!given || given->empty()) {
                bytes->report(problems, "not bytes in hex", "write them like \"02 0A\"");
            }
            one.bytes = given.value_or(std::vector<std::uint8_t>{});
        }
        read.matches_.push_back(std::move(one));
    }
    return read;
}

std::optional<std::string> BinaryFields::text_of(const Field& field, std::span<const std::uint8_t> bytes,
                                                 TextDecoder& decoder) {
    switch (field.as) {
        case BytesAs::hex:
            return hex_digits(bytes);
        case BytesAs::text:
            return decoder.decode(bytes);
        case BytesAs::integer: {
            std::uint64_t value = 0;
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                value = value << 8U | bytes[field.order == FieldOrder::high_first ? i : bytes.size() - 1 - i];
            }
            return std::to_string(value);
        }
    }
    return std::nullopt;
}

std::optional<FrameFields> BinaryFields::extract(std::span<const std::uint8_t> frame, TextDecoder& decoder) const {
    const auto holds = [&frame](const Match& match) {
        return frame.size() >= match.at + match.bytes.size() &&
               std::equal(match.bytes.begin(), match.bytes.end(), frame.subspan(match.at).begin());
    };
    if (!std::all_of(matches_.begin(), matches_.end(), holds)) {
        return std::nullopt;
    }
    FrameFields fields;
    for (const auto& field : fields_) {
        if (frame.size() < field.at + field.length) {
            return std::nullopt;
        }
        auto text = text_of(field, frame.subspan(field.at, field.length), decoder);
        if (!text) {
            return std::nullopt;
        }
        fields.set(field.meaning, std::move(*text));
    }
    return fields;
}

}  // namespace portcullis::drivers
