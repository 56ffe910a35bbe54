#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/enum_text.hpp"
#include "core/result.hpp"

namespace portcullis::drivers {

/// What a part of a reader's frame means. `text2`: a second thing of the same kind in one line, as of twin boxes.
enum class FrameField : std::uint8_t {
    text,
    confidence,
    text2,
    confidence2,
    size_type,
    face,
    time,
    state,
    battery,
    seal_kind,
    ignore
};

/// What a frame says: texts by their meaning; nothing = the frame has no such part.
class FrameFields {
public:
    void set(FrameField field, std::string value) { values_.at(static_cast<std::size_t>(field)) = std::move(value); }
    [[nodiscard]] const std::optional<std::string>& at(FrameField field) const {
        return values_.at(static_cast<std::size_t>(field));
    }
    /// The same; empty when there is none.
    [[nodiscard]] std::string text_of(FrameField field) const { return at(field).value_or(std::string{}); }

private:
    std::array<std::optional<std::string>, static_cast<std::size_t>(FrameField::ignore)> values_;
};

/// How a profile describes a line: literal text and fields in braces, `{text},{confidence},{ignore}`. A field reaches
/// to the literal after it, or has a width in characters: `{time:14}{ignore:2}{text}`. `text` must be there. A line
/// matches as a whole or not at all.
class LinePattern {
public:
    [[nodiscard]] static Result<LinePattern, std::string> parse(std::string_view pattern);

    [[nodiscard]] std::optional<FrameFields> match(std::string_view line) const;

private:
    struct Field {
        FrameField meaning = FrameField::ignore;
        std::size_t width = 0;  ///< characters; 0 = up to what follows
    };
    using Piece = std::variant<std::string, Field>;

    [[nodiscard]] static Result<Field, std::string> parse_field(std::string_view inside);
    [[nodiscard]] static std::optional<std::string> defect_of(const std::vector<Piece>& pieces);

    std::vector<Piece> pieces_;
};

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::FrameField> = std::to_array<EnumText<drivers::FrameField>>({
    {drivers::FrameField::text, "text"},
    {drivers::FrameField::confidence, "confidence"},
    {drivers::FrameField::text2, "text2"},
    {drivers::FrameField::confidence2, "confidence2"},
    {drivers::FrameField::size_type, "size_type"},
    {drivers::FrameField::face, "face"},
    {drivers::FrameField::time, "time"},
    {drivers::FrameField::state, "state"},
    {drivers::FrameField::battery, "battery"},
    {drivers::FrameField::seal_kind, "seal_kind"},
    {drivers::FrameField::ignore, "ignore"},
});

}  // namespace portcullis
