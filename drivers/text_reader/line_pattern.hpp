#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace portcullis::drivers {

/// What a line says.
struct LineFields {
    std::string text;
    std::optional<std::string> confidence;
    std::string time;
};

/// How a profile describes a line: literal text and fields in braces, `{text},{confidence},{ignore}`. A field reaches
/// to the literal after it, or has a width in characters: `{time:14}{ignore:2}{text}`. Fields: `text` (must be
/// there), `confidence`, `time`, `ignore`. A line matches as a whole or not at all.
class LinePattern {
public:
    [[nodiscard]] static Result<LinePattern, std::string> parse(std::string_view pattern);

    [[nodiscard]] std::optional<LineFields> match(std::string_view line) const;

private:
    enum class Meaning : std::uint8_t { text, confidence, time, ignore };
    struct Field {
        Meaning meaning = Meaning::ignore;
        std::size_t width = 0;  ///< characters; 0 = up to what follows
    };
    using Piece = std::variant<std::string, Field>;

    [[nodiscard]] static Result<Field, std::string> parse_field(std::string_view inside);
    [[nodiscard]] static std::optional<std::string> defect_of(const std::vector<Piece>& pieces);
    static void set(LineFields& fields, Meaning meaning, std::string_view value);

    std::vector<Piece> pieces_;
};

}  // namespace portcullis::drivers
