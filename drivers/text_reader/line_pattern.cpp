#include "drivers/text_reader/line_pattern.hpp"

#include <algorithm>
#include <charconv>

namespace portcullis::drivers {

namespace {

/// The length in bytes of the first `characters` characters of UTF-8, or nothing when there are fewer.
std::optional<std::size_t> bytes_of(std::string_view text, std::size_t characters) {
    std::size_t at = 0;
    for (; characters > 0; --characters) {
        if (at >= text.size()) {
            return std::nullopt;
        }
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
            ++at;
        }
    }
    return at;
}

}  // namespace

Result<LinePattern::Field, std::string> LinePattern::parse_field(std::string_view inside) {
    Field field;
    const auto colon = inside.find(':');
    const auto name = inside.substr(0, colon);
    if (colon != std::string_view::npos) {
        const auto width = inside.substr(colon + 1);
        const auto* const end = width.data() + width.size();
        const auto [last, failed] = std::from_chars(width.data(), end, field.width);
        if (failed != std::errc{} || last != end || field.width == 0 || field.width > 256) {
            return Failure{"'" + std::string{width} + "' is no width from 1 to 256"};
        }
    }
    const auto meaning = enum_from<FrameField>(name);
    if (!meaning) {
        std::string words;
        for (const auto& row : enum_texts<FrameField>) {
            words += (words.empty() ? "" : ", ") + std::string{row.text};
        }
        return Failure{"{" + std::string{name} + "} is none of " + words};
    }
    field.meaning = *meaning;
    return field;
}

std::optional<std::string> LinePattern::defect_of(const std::vector<Piece>& pieces) {
    bool open = false;  // a field before that needs a literal to end it
    std::array<int, enum_texts<FrameField>.size()> named{};
    for (const auto& piece : pieces) {
        const auto* field = std::get_if<Field>(&piece);
        if (field != nullptr && open) {
            return "two fields without a text between them or a width";
        }
        open = field != nullptr && field->width == 0;
        if (field != nullptr && ++named.at(static_cast<std::size_t>(field->meaning)) > 1 &&
            field->meaning != FrameField::ignore) {
            return "it names {" + std::string{portcullis::text_of(field->meaning)} + "} twice";
        }
    }
    return named.at(static_cast<std::size_t>(FrameField::text)) == 1
               ? std::nullopt
               : std::optional<std::string>{"it must name {text} once"};
}

Result<LinePattern, std::string> LinePattern::parse(std::string_view pattern) {
    LinePattern parsed;
    while (!pattern.empty()) {
        const auto brace = pattern.find('{');
        if (brace != 0) {
            parsed.pieces_.emplace_back(std::string{pattern.substr(0, brace)});
            pattern = brace == std::string_view::npos ? std::string_view{} : pattern.substr(brace);
            continue;
        }
        const auto close = pattern.find('}');
        if (close == std::string_view::npos) {
            return Failure{std::string{"a { without its }"}};
        }
        auto field = parse_field(pattern.substr(1, close - 1));
        if (!field) {
            return Failure{std::move(field).error()};
        }
        parsed.pieces_.emplace_back(*field);
        pattern = pattern.substr(close + 1);
    }
    if (auto defect = defect_of(parsed.pieces_)) {
        return Failure{std::move(*defect)};
    }
    return parsed;
}

std::optional<FrameFields> LinePattern::match(std::string_view line) const {
    FrameFields fields;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (const auto* literal = std::get_if<std::string>(&pieces_[i])) {
            if (!line.starts_with(*literal)) {
                return std::nullopt;
            }
            line.remove_prefix(literal->size());
            continue;
        }
        const auto& field = std::get<Field>(pieces_[i]);
        std::optional<std::size_t> length = line.size();
        if (field.width > 0) {
            length = bytes_of(line, field.width);
        } else if (i + 1 < pieces_.size()) {
            const auto at = line.find(std::get<std::string>(pieces_[i + 1]));
            length = at == std::string_view::npos ? std::nullopt : std::optional{at};
        }
        if (!length) {
            return std::nullopt;
        }
        if (field.meaning != FrameField::ignore) {
            fields.set(field.meaning, std::string{line.substr(0, *length)});
        }
        line.remove_prefix(*length);
    }
    return line.empty() ? std::optional{std::move(fields)} : std::nullopt;
}

}  // namespace portcullis::drivers
