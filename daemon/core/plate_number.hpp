#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_text.hpp"
#include "core/result.hpp"

namespace portcullis {

/// The kinds of GA 36-2018 and its neighbours (docs/glossary); everything else is opaque normalised text.
enum class PlateKind : std::uint8_t {
    ordinary,
    trailer,
    new_energy_small,
    new_energy_large,
    training,
    police,
    cross_border,
    consulate,
    embassy,
    armed_police,
    military,
    emergency,
    temporary,
    opaque
};
template <>
inline constexpr auto enum_texts<PlateKind> = std::to_array<EnumText<PlateKind>>({
    {PlateKind::ordinary, "ordinary"},
    {PlateKind::trailer, "trailer"},
    {PlateKind::new_energy_small, "new_energy_small"},
    {PlateKind::new_energy_large, "new_energy_large"},
    {PlateKind::training, "training"},
    {PlateKind::police, "police"},
    {PlateKind::cross_border, "cross_border"},
    {PlateKind::consulate, "consulate"},
    {PlateKind::embassy, "embassy"},
    {PlateKind::armed_police, "armed_police"},
    {PlateKind::military, "military"},
    {PlateKind::emergency, "emergency"},
    {PlateKind::temporary, "temporary"},
    {PlateKind::opaque, "opaque"},
});

/// Why a text is no plate. A text with a Chinese province character that fits no kind is refused, never opaque.
enum class PlateDefect : std::uint8_t {
    empty,
    too_short,
    too_long,
    bad_character,
    not_utf8,
    province_unknown,
    province_missing,  ///< `D12345`: the commonest camera failure (partial), not a foreign plate
    office_not_letter,
    letter_i_or_o,
    no_digit,
    suffix_unknown,
    no_kind
};
template <>
inline constexpr auto enum_texts<PlateDefect> = std::to_array<EnumText<PlateDefect>>({
    {PlateDefect::empty, "empty"},
    {PlateDefect::too_short, "too_short"},
    {PlateDefect::too_long, "too_long"},
    {PlateDefect::bad_character, "bad_character"},
    {PlateDefect::not_utf8, "not_utf8"},
    {PlateDefect::province_unknown, "province_unknown"},
    {PlateDefect::province_missing, "province_missing"},
    {PlateDefect::office_not_letter, "office_not_letter"},
    {PlateDefect::letter_i_or_o, "letter_i_or_o"},
    {PlateDefect::no_digit, "no_digit"},
    {PlateDefect::suffix_unknown, "suffix_unknown"},
    {PlateDefect::no_kind, "no_kind"},
});

struct PlateNumberError {
    PlateDefect defect = PlateDefect::empty;
    std::size_t position = 0;  ///< code point in the normalised text
    [[nodiscard]] std::string message() const;
};

/// A registration plate in its one canonical form (domain.md 2.1): compare by it, never by what was read.
class PlateNumber {
public:
    /// Normalises (NFKC of the forms that occur, upper case, separators out, traditional forms of the fixed set
    /// folded) and names the kind. Never repairs.
    [[nodiscard]] static Result<PlateNumber, PlateNumberError> parse(std::string_view text);

    /// The same of text that is normalised already, in code points.
    [[nodiscard]] static Result<PlateNumber, PlateNumberError> of_normalised(std::u32string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] PlateKind kind() const { return kind_; }
    [[nodiscard]] bool is_trailer() const { return kind_ == PlateKind::trailer; }

    friend auto operator<=>(const PlateNumber&, const PlateNumber&) = default;

private:
    PlateNumber(std::string text, PlateKind kind) : text_(std::move(text)), kind_(kind) {}
    std::string text_;
    PlateKind kind_ = PlateKind::opaque;
};

/// The text as parse() sees it; characters that it does not know are kept.
[[nodiscard]] std::string normalised_plate_text(std::string_view text);

/// The only repair that the grammar forces: I to 1 and O to 0 in serial positions. Policy decides about taking it.
[[nodiscard]] Result<PlateNumber, PlateNumberError> plate_with_forced_repair(std::string_view text);

/// All other plates that `text` may stand for: its forced repair, and those with one serial character exchanged that
/// readers confuse (D/0, B/8, Z/2, S/5, G/6, 1/7, Q/0). Only plates with a province have any (domain.md 2.1).
[[nodiscard]] std::vector<PlateNumber> plates_like(std::string_view text);

}  // namespace portcullis
